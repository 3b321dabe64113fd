import { describe, expect, it } from '@jest/globals'
import { submissionLimits, type WireFile } from '@cooperage/contracts'
import { readSubmittedFiles, workspaceOf } from './submission-files.js'

const file = (path: string, content = 'x', encoding: WireFile['encoding'] = 'utf8'): WireFile => ({
  path,
  content,
  encoding,
})
const codes = (files: WireFile[], globs = ['**']) => {
  const read = readSubmittedFiles(files, globs)
  return 'faults' in read ? read.faults.map((fault) => `${fault.path} ${fault.code}`) : 'taken'
}

describe('submitted files', () => {
  it('takes what the lab names, as bytes', () => {
    const read = readSubmittedFiles(
      [file('run.sh', 'é'), file('data.bin', 'AP8=', 'base64')],
      ['*.sh', 'data.bin'],
    )
    expect(read).toEqual({
      files: [
        { path: 'run.sh', content: new TextEncoder().encode('é') },
        { path: 'data.bin', content: new Uint8Array([0, 255]) },
      ],
    })
  })

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../b',
    './a',
    'a//b',
    'a/',
    'a\\b',
    'a\u0000b',
    'a\nb',
    'x'.repeat(256),
  ])('refuses the path %j', (path) => {
    expect(codes([file(path)])).toEqual(['files.0.path validation_failed'])
  })

  it('refuses a path that the lab does not name, and says which it takes', () => {
    const read = readSubmittedFiles([file('other.sh')], ['run.sh'])
    expect(read).toEqual({
      faults: [{ code: 'path_not_allowed', path: 'files.0.path', message: 'this lab takes only run.sh' }],
    })
  })

  it('refuses a path twice, and a file that is also a folder', () => {
    expect(codes([file('a'), file('a')])).toEqual(['files.1.path validation_failed'])
    expect(codes([file('a'), file('a/b')])).toEqual(['files.0.path validation_failed'])
  })

  it.each(['A', 'AA', 'A===', 'AAA$', 'AA\n=', 'AB=A', ' AAAA'])('refuses %j as base64', (content) => {
    expect(codes([file('a', content, 'base64')])).toEqual(['files.0.content validation_failed'])
  })

  it('holds the limits on count, file and total, counted in decoded bytes', () => {
    expect(codes(Array.from({ length: submissionLimits.maxFiles + 1 }, (_, n) => file(`f${n}`)))).toEqual([
      'files too_many_files',
    ])
    const largest = 'é'.repeat(submissionLimits.maxFileBytes / 2)
    expect(codes([file('a', largest)])).toBe('taken')
    expect(codes([file('a', `${largest}x`)])).toEqual(['files.0.content file_too_large'])
    const zeros = Buffer.alloc(submissionLimits.maxFileBytes).toString('base64')
    const four = ['a', 'b', 'c', 'd'].map((name) => file(name, zeros, 'base64'))
    expect(codes(four)).toBe('taken')
    expect(codes([...four, file('e')])).toEqual(['files payload_too_large'])
  })
})

it('does not take what cannot stand in the workspace together with the lab', () => {
  const read = (path: string, globs: string[], starter: string[]) => {
    const result = readSubmittedFiles([{ path, content: '', encoding: 'utf8' }], globs, starter)
    return 'files' in result ? 'taken' : result.faults.map((fault) => `${fault.path}: ${fault.message}`)
  }
  expect(read('lib', ['*'], ['lib/record.sh'])).toEqual(['files.0.path: also the folder of another file'])
  expect(read('data/a', ['data/*'], ['data'])).toEqual([
    'files.0.path: below a path that is a file of the lab',
  ])
  expect(read('lib/a', ['lib/*'], ['lib/b', 'run.sh'])).toBe('taken')
  expect(read('data/a', ['**'], ['data'])).toBe('taken')
})

it('takes no more folders than a workspace holds', () => {
  const deep = Array.from({ length: submissionLimits.maxFiles }, (_, n): WireFile => ({
    path: `${n}/${'d/'.repeat(100)}f`,
    content: '',
    encoding: 'utf8',
  }))
  const folders = (read: ReturnType<typeof readSubmittedFiles>) =>
    'faults' in read ? read.faults.map(({ code, path }) => `${path} ${code}`) : 'taken'
  expect(folders(readSubmittedFiles(deep, ['**']))).toEqual(['files too_many_files'])
  expect(folders(readSubmittedFiles(deep.slice(0, 9), ['**']))).toBe('taken')
})

it('a workspace has fixed starter files and the submission; an editable file that was not submitted is absent', () => {
  const at = (path: string, content: string) => ({ path, content: new TextEncoder().encode(content) })
  const workspace = workspaceOf(
    [at('data.json', '{}'), at('run.sh', 'old'), at('lib.sh', 'old')],
    [at('run.sh', 'new')],
    ['*.sh'],
  )
  expect(workspace).toEqual([at('data.json', '{}'), at('run.sh', 'new')])
})

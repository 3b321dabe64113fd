import { describe, expect, it } from '@jest/globals'
import { culprit, nameFault, proposedName } from './file-names.js'

describe('names of files in the editor', () => {
  it.each([
    ['', /name/],
    ['../x.sh', /plain relative path/],
    ['/x.sh', /plain relative path/],
    ['run.sh', /there already/],
    ['lib', /folder/],
    ['run.sh/x.sh', /name of a file/],
    ['notes.txt', /takes only \*\*\/\*\.sh, lib/],
  ])('refuses %j', (path, reason) => {
    expect(nameFault(path, ['**/*.sh', 'lib'], ['run.sh', 'lib/a.sh'])).toMatch(reason)
  })
  it('takes a free name that the lab names', () => {
    expect(nameFault('lib/b.sh', ['**/*.sh'], ['run.sh', 'lib/a.sh'])).toBeNull()
  })
  it('proposes a named file that is missing, then any name where there is a pattern, else nothing', () => {
    expect(proposedName(['a.sh', 'b.sh'], ['a.sh'])).toBe('b.sh')
    expect(proposedName(['a.sh', '*.py'], ['a.sh'])).toBe('')
    expect(proposedName(['a.sh'], ['a.sh'])).toBeNull()
  })
})

it('a problem that names files.1.path means the second file', () => {
  const files = [{ path: 'a.sh' }, { path: 'b.sh' }]
  expect(culprit('files.1.path', files)).toBe('b.sh')
  expect(culprit('files', files)).toBe('files')
  expect(culprit('files.7.path', files)).toBe('files.7.path')
})

/** Files go in. */
import { describe, expect, test } from '@jest/globals'
import { FilesRefused, type ContainerFile } from '../../src/index.js'
import { bytes, shell, stdoutOf, type Lab } from '../lab.js'

const bounds = { maxFiles: 300, maxFileBytes: 1024 * 1024, maxTotalBytes: 4 * 1024 * 1024 }

export function putting(lab: () => Lab): void {
  describe('put', () => {
    test('brings 200 files of any bytes, with folders and modes, owned by the learner', async () => {
      const all = Uint8Array.from({ length: 256 }, (_, at) => at)
      const files: ContainerFile[] = Array.from({ length: 200 }, (_, at) => ({
        path: `/workspace/${'deep/'.repeat(at % 20)}f${at}-ü`,
        content: Buffer.concat([all, bytes(String(at))]),
      }))
      files.push({
        path: `/workspace/${'long-name/'.repeat(15)}run.sh`,
        content: bytes('#!/bin/sh\necho ran'),
        mode: 0o755,
      })
      await using container = await lab().ready(files)
      expect(stdoutOf(await container.run(shell('find . -type f | wc -l')))).toBe('201')
      expect(
        stdoutOf(
          await container.run(shell('find f0-ü -printf "%U:%G %m\\n"; tail -c 3 deep/deep/deep/f123-ü')),
        ),
      ).toBe('1000:1000 644\n123')
      const ran = await container.run(shell('', { argv: [`./${'long-name/'.repeat(15)}run.sh`] }))
      expect(stdoutOf(ran)).toBe('ran')
      const collected = await container.collect({ ...bounds, maxFiles: 300 })
      if (collected.kind !== 'collected') throw new Error(collected.reason)
      const back = new Map(
        files.map(({ path, content }) => [path.slice('/workspace/'.length), Buffer.from(content)]),
      )
      expect(new Map([...collected.files].map(([path, content]) => [path, Buffer.from(content)]))).toEqual(
        back,
      )
      expect(collected.modes.get(`${'long-name/'.repeat(15)}run.sh`)).toBe(0o755)
    })

    test('takes files once', async () => {
      await using started = await lab().engine.start(lab().spec())
      expect(started.usable).toBe(true)
      await using ready = await started.put([])
      expect(started.usable).toBe(false)
      await expect(started.put([])).rejects.toThrow('once')
      // What was the waiting one's is the ready one's now.
      await started[Symbol.asyncDispose]()
      expect(stdoutOf(await ready.run(shell('echo still here')))).toBe('still here')
    })

    test.each([
      '/etc/x',
      'x',
      '/workspace',
      '/workspace/',
      '/workspace/../etc/x',
      '/workspace/./x',
      '/workspace//x',
      '/workspace/a\0b',
      '/workspace/a\nb',
      `/workspace/${'x'.repeat(300)}`,
      '/checks/x',
    ])('refuses the path %j for a learner', async (path) => {
      await using started = await lab().engine.start(lab().spec())
      await expect(started.put([{ path, content: bytes('') }])).rejects.toThrow(FilesRefused)
    })

    test('refuses duplicates, a file that is a folder, and more than the folder holds', async () => {
      for (const paths of [
        ['/workspace/a', '/workspace/a'],
        ['/workspace/a/b', '/workspace/a'],
      ]) {
        await using started = await lab().engine.start(lab().spec())
        await expect(started.put(paths.map((path) => ({ path, content: bytes('') })))).rejects.toThrow(
          FilesRefused,
        )
      }
      await using started = await lab().engine.start(lab().spec({ limits: { diskMb: 1 } }))
      const content = new Uint8Array(2 * 1024 * 1024)
      await expect(started.put([{ path: '/workspace/a', content }])).rejects.toThrow(/No space|Wrote only/)
    })

    test('gives a grader its three folders, and a workspace from which nothing is run', async () => {
      const program = bytes('#!/bin/sh\necho ran')
      const files = ['/workspace/a', '/checks/a', '/exec/a'].map((path) => ({
        path,
        content: program,
        mode: 0o755,
      }))
      await using grader = await lab().ready(files, { role: 'grader' })
      expect(await grader.run(shell('', { argv: ['/checks/a'] }))).toMatchObject({ kind: 'exited', code: 0 })
      expect(await grader.run(shell('', { argv: ['/workspace/a'] }))).toMatchObject({ kind: 'cannot-start' })
      expect(await grader.run(shell('', { argv: ['/exec/a'] }))).toMatchObject({ kind: 'cannot-start' })
      expect(stdoutOf(await grader.run(shell('echo $HOME $EXEC_DIR')))).toBe('/tmp /exec')
    })
  })
}

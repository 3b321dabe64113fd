/** Commands run. */
import { describe, expect, test } from '@jest/globals'
import { bytes, shell, stdoutOf, text, type Lab } from '../lab.js'

export function running(lab: () => Lab): void {
  describe('run', () => {
    test('keeps exit code, stdout, stderr, stdin, environment and working directory', async () => {
      await using container = await lab().ready([{ path: '/workspace/sub/x', content: bytes('') }])
      const command = shell('cat; echo "$GREETING $PWD" >&2; exit 7', {
        stdin: Uint8Array.from([0, 1, 2, 255]),
        env: { GREETING: 'hi' },
        cwd: '/workspace/sub',
      })
      const outcome = await container.run(command)
      expect(outcome).toMatchObject({ kind: 'exited', code: 7, oom: false })
      if (outcome.kind !== 'exited') return
      expect([...outcome.stdout]).toEqual([0, 1, 2, 255])
      expect(text(outcome.stderr)).toBe('hi /workspace/sub\n')
    })

    test('passes arguments as they are', async () => {
      await using container = await lab().ready()
      const argv = ['printf', '%s|', 'a b', '$HOME', '*', '', 'ü"\'']
      expect(stdoutOf(await container.run(shell('', { argv })))).toBe(argv.slice(2).join('|') + '|')
    })

    test('ends when the program ends, though a process that it left holds its output open', async () => {
      await using container = await lab().ready()
      const outcome = await container.run(shell('sleep 300 & echo done; exit 3', { timeoutMs: 15_000 }))
      expect(outcome).toMatchObject({ kind: 'exited', code: 3 })
      expect(text(outcome.kind === 'exited' ? outcome.stdout : undefined)).toBe('done\n')
    })

    test('loses nothing of a long output though something holds it open', async () => {
      await using container = await lab().ready()
      const outcome = await container.run(
        shell('sleep 300 & head -c 900000 /dev/zero', { timeoutMs: 15_000 }),
      )
      expect(outcome.kind === 'exited' && outcome.stdout.length).toBe(900_000)
    })

    test('waits for a program that closed its output', async () => {
      await using container = await lab().ready()
      const outcome = await container.run(shell('exec >&- 2>&-; sleep 0.5; exit 4'))
      expect(outcome).toMatchObject({ kind: 'exited', code: 4 })
    })

    test('kills at the time limit, with the output so far, also a program that ignores SIGTERM', async () => {
      await using container = await lab().ready()
      const outcome = await container.run(
        shell("trap '' TERM INT HUP; echo begun; sleep 300", { timeoutMs: 1000 }),
      )
      expect(outcome.kind).toBe('timeout')
      expect(text(outcome.kind === 'timeout' ? outcome.stdout : undefined)).toBe('begun\n')
      await expect(container.run(shell('true'))).rejects.toThrow('ended')
    })

    test.each(['stdout', 'stderr'] as const)('cuts a flood on %s and kills its producer', async (stream) => {
      await using container = await lab().ready()
      const outcome = await container.run(
        shell(`yes >&${stream === 'stdout' ? 1 : 2}`, { maxBytes: 100_000 }),
      )
      if (outcome.kind !== 'flood') throw new Error(outcome.kind)
      expect(outcome[stream].length).toBe(100_000)
      await expect(container.run(shell('true'))).rejects.toThrow('ended')
    })

    test('takes exactly as much output as allowed', async () => {
      await using container = await lab().ready()
      const outcome = await container.run(
        shell('head -c 5000 /dev/zero; head -c 5000 /dev/zero >&2', { maxBytes: 10_000 }),
      )
      expect(outcome).toMatchObject({ kind: 'exited', code: 0 })
    })

    test.each([
      ['./missing', 'not found'],
      ['missing', 'not found'],
      ['./not-executable', 'not executable'],
      ['./folder', /not executable|is a folder/],
      ['./not-a-program', 'not a program'],
    ])('says why %s cannot start', async (program, why) => {
      await using container = await lab().ready([
        { path: '/workspace/not-executable', content: bytes('#!/bin/sh\n') },
        { path: '/workspace/folder/x', content: bytes('') },
        { path: '/workspace/not-a-program', content: Uint8Array.from([1, 2, 3]), mode: 0o755 },
      ])
      const outcome = await container.run(shell('', { argv: [program] }))
      expect(outcome).toMatchObject({ kind: 'cannot-start', message: expect.stringMatching(why) })
      expect(stdoutOf(await container.run(shell('echo on')))).toBe('on')
    })

    test('is one at a time', async () => {
      await using container = await lab().ready()
      const first = container.run(shell('sleep 0.3; echo first'))
      await expect(container.run(shell('true'))).rejects.toThrow('one command at a time')
      expect(stdoutOf(await first)).toBe('first')
    })

    test('reaps what is orphaned', async () => {
      await using container = await lab().ready()
      const orphans = shell(
        'for i in {1..200}; do (setsid true >/dev/null 2>&1 </dev/null &); done; sleep 0.5; ps -eo stat= | grep -c Z',
      )
      expect(stdoutOf(await container.run(orphans))).toBe('0')
    })
  })
}

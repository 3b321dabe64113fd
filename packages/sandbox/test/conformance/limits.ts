/** What a learner runs into: memory, processes, files, CPUs, and the first process. */
import { describe, expect, test } from '@jest/globals'
import { python, shell, stdoutOf, type Lab } from '../lab.js'
import type { Expected } from './expected.js'

const bounds = { maxFiles: 100, maxFileBytes: 1024 * 1024, maxTotalBytes: 4 * 1024 * 1024 }

export function limiting(lab: () => Lab, expected: Expected): void {
  describe('limits', () => {
    const bomb = 'x = bytearray(300 << 20)'
    if (expected.memoryLimitKills === 'the process') {
      test('memory: the process that takes too much is killed, with that reason, and the container goes on', async () => {
        await using container = await lab().ready()
        expect(await container.run(python(bomb))).toMatchObject({ kind: 'exited', code: 137, oom: true })
        // The child is killed, its parent ends as it likes: later than the engine hears of the kill, for which only 137 waits.
        const parent = await container.run(shell(`python3 -c '${bomb}'; sleep 1; exit 0`))
        expect(parent).toMatchObject({ kind: 'exited', code: 0, oom: true })
      })
    } else {
      test.each([
        ['a command', python(bomb)],
        ['a child of it', shell(`python3 -c '${bomb}'; exit 0`)],
      ])('memory: %s that takes too much ends the container, with that reason', async (_, command) => {
        await using container = await lab().ready()
        expect(await container.run(command)).toMatchObject({ kind: 'died', oom: true })
      })
    }

    test('memory: what a lab allows is there, and not twice as much', async () => {
      await using container = await lab().ready([], { limits: { memoryMb: 128 } })
      const take = (mib: number) => container.run(python(`x = b'x' * (${mib} << 20); print('taken')`))
      expect(stdoutOf(await take(112))).toBe('taken')
      expect(await take(200)).toMatchObject({ oom: true })
    })

    test('a process that kills itself is not the memory limit’s', async () => {
      await using container = await lab().ready()
      const outcome = await container.run(shell('kill -9 $$'))
      expect(outcome).toMatchObject({ kind: 'exited', code: 137, oom: false })
    })

    test('processes: as many as the lab allows', async () => {
      await using container = await lab().ready([], { limits: { pids: 30 } })
      const count = `
import os, time
n = 0
try:
    while True:
        if os.fork() == 0: time.sleep(60)
        n += 1
except BlockingIOError: print(n)`
      const reached = Number(stdoutOf(await container.run(python(count))))
      expect(reached).toBeGreaterThan(20)
      expect(reached).toBeLessThan(30)
    })

    test('blames a learner whose processes use up the limit for what cannot start', async () => {
      await using container = await lab().ready([], { limits: { pids: 20 } })
      const hog = `
import os, time
try:
    while True:
        if os.fork() == 0:
            os.close(0); os.close(1); os.close(2); time.sleep(300)
except BlockingIOError: print('full')`
      expect(stdoutOf(await container.run(python(hog)))).toBe('full')
      // Whether the engine's own helper still fits is chance; either way it is the learner's doing, never a fault.
      for (let time = 0; time < 5; time++) {
        const outcome = await container.run(shell('', { argv: ['true'] }))
        expect(outcome.kind).toMatch(/^(exited|cannot-start)$/)
      }
      const collected = await container.collect(bounds)
      expect(collected.kind).toBe('collected')
    })

    test('files: bytes and number', async () => {
      await using container = await lab().ready([], { limits: { diskMb: 3 } })
      const bytes = await container.run(shell('cat /dev/zero > a 2>/dev/null; wc -c < a; rm a'))
      expect(Number(stdoutOf(bytes))).toBeLessThanOrEqual(3 * 1024 * 1024)
      expect(Number(stdoutOf(bytes))).toBeGreaterThan(2 * 1024 * 1024)
      const most = `
n = 0
try:
    while n < 5000:
        open(f'f{n}', 'w').close(); n += 1
except OSError: pass
print(n)`
      const made = Number(stdoutOf(await container.run(python(most))))
      expect(made).toBeLessThan(Math.min(expected.mostFiles, 5001))
      expect(made).toBeGreaterThan(4000)
    })

    test('a lab written for more CPUs than the host has runs on what there is', async () => {
      await using container = await lab().ready([], { limits: { cpus: 512 } })
      expect(stdoutOf(await container.run(shell('echo works')))).toBe('works')
    })

    test('the first process is out of reach', async () => {
      await using container = await lab().ready()
      const poke = `
try:
    open('/proc/1/mem', 'r+b'); print('opened')
except OSError as e: print(e.strerror)`
      expect(stdoutOf(await container.run(python(poke)))).toBe('Permission denied')
      await container.run(shell('kill -9 -1'))
      expect(stdoutOf(await container.run(shell('echo alive')))).toBe('alive')
    })

    const signals = 'for s in {1..64}; do kill -$s 1; done 2>/dev/null'
    if (expected.killOfFirstProcess === 'nothing') {
      test('no signal of the learner reaches the first process', async () => {
        await using container = await lab().ready()
        await container.run(shell(signals))
        expect(stdoutOf(await container.run(shell('ls /proc/1/fd 2>&1 | tail -1; echo alive')))).toMatch(
          /denied\nalive$/,
        )
      })
    } else {
      test.each(['kill -9 1; sleep 10', signals])(
        'a learner who kills the first process (%s) ends the container, and nobody else is blamed',
        async (line) => {
          await using container = await lab().ready()
          expect(await container.run(shell(line))).toMatchObject({ kind: 'died', oom: false })
          await expect(container.run(shell('true'))).rejects.toThrow('ended')
        },
      )
    }
  })
}

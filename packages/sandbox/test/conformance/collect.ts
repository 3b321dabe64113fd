/** The workspace comes out. */
import { describe, expect, test } from '@jest/globals'
import { bytes, shell, stdoutOf, text, type Lab } from '../lab.js'

const bounds = { maxFiles: 100, maxFileBytes: 1024 * 1024, maxTotalBytes: 4 * 1024 * 1024 }

export function collecting(lab: () => Lab): void {
  describe('collect', () => {
    test('kills what was left running before it copies', async () => {
      await using container = await lab().ready()
      await container.run(
        shell(
          '(setsid bash -c "while :; do date +%N > /workspace/clock; sleep 0.01; done" >/dev/null 2>&1 </dev/null &); sleep 0.3',
        ),
      )
      const collected = await container.collect(bounds)
      expect(collected).toMatchObject({ kind: 'collected' })
      const after = await container.run(
        shell('ps -eo args= | grep -c "[d]ate +"; cat clock; sleep 0.2; cat clock'),
      )
      const [left, before, later] = stdoutOf(after).split('\n')
      expect(left).toBe('0')
      expect(before).toBe(later)
    })

    test('kills also what forks all the time', async () => {
      await using container = await lab().ready()
      const program = `
import os
while True:
    if os.fork() == 0: os._exit(0)`
      const forks = `(setsid python3 -c '${program}' forker >/dev/null 2>&1 </dev/null &); sleep 0.3`
      for (let time = 0; time < 3; time++) {
        await container.run(shell(forks))
        expect(await container.collect(bounds)).toMatchObject({ kind: 'collected' })
        expect(stdoutOf(await container.run(shell('pgrep -fc "[f]orker"; true')))).toBe('0')
      }
    })

    test('drops links, special files and what passes a bound, and says so', async () => {
      await using container = await lab().ready([{ path: '/workspace/kept', content: bytes('kept') }])
      await container.run(
        shell(`ln -s /etc/passwd link; ln -s kept inner; mkfifo pipe; ln kept hard; mkdir sub; ln -s / sub/root
          truncate -s 30M sparse; head -c 1048577 /dev/zero > big; head -c 1048576 /dev/zero > just; printf x > $'new\\nline'
          python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'; printf x > $'\\xff\\xfe'; touch -- -name`),
      )
      const collected = await container.collect(bounds)
      if (collected.kind !== 'collected') throw new Error(collected.reason)
      expect([...collected.files.keys()].sort()).toEqual(['-name', 'hard', 'just', 'kept'])
      expect(text(collected.files.get('hard'))).toBe('kept')
      const why = Object.fromEntries(collected.dropped.map(({ path, why }) => [path, why]))
      expect(why).toMatchObject({
        link: 'link',
        inner: 'link',
        'sub/root': 'link',
        pipe: 'special',
        sparse: 'too-big',
        big: 'too-big',
      })
      expect(collected.dropped.filter(({ why }) => why === 'name')).toHaveLength(2)
    })

    test('bounds the number of files and their sum, the same ones each time', async () => {
      await using container = await lab().ready()
      await container.run(shell('for i in {1000..1999}; do echo $i > f$i; done'))
      const few = await container.collect({ ...bounds, maxFiles: 10 })
      if (few.kind !== 'collected') throw new Error(few.reason)
      expect([...few.files.keys()]).toEqual(Array.from({ length: 10 }, (_, at) => `f${1000 + at}`))
      expect(few.dropped[0]).toEqual({ path: 'f1010', why: 'too-many' })
      const small = await container.collect({ ...bounds, maxTotalBytes: 23 })
      if (small.kind !== 'collected') throw new Error(small.reason)
      expect([...small.files.keys()]).toEqual(['f1000', 'f1001', 'f1002', 'f1003'])
    })

    test('keeps what was put in before what a program left beside it', async () => {
      await using container = await lab().ready([{ path: '/workspace/z', content: bytes('z') }])
      await container.run(shell('for i in {1000..1999}; do echo $i > f$i; done'))
      const few = await container.collect({ ...bounds, maxFiles: 3 })
      if (few.kind !== 'collected') throw new Error(few.reason)
      expect([...few.files.keys()]).toEqual(['z', 'f1000', 'f1001'])
    })

    test('is not misled by what the learner leaves', async () => {
      const trap = bytes('#!/bin/sh\necho trapped')
      await using container = await lab().ready(
        [
          'tar',
          'find',
          'sort',
          'head',
          '.bashrc',
          '.profile',
          '--checkpoint=1',
          '--checkpoint-action=exec=sh tar',
        ].map((name) => ({ path: `/workspace/${name}`, content: trap, mode: 0o755 })),
      )
      const collected = await container.collect(bounds)
      if (collected.kind !== 'collected') throw new Error(collected.reason)
      expect(collected.files.size).toBe(8)
    })

    test('is a value when the learner has used the memory up', async () => {
      await using container = await lab().ready([], { limits: { memoryMb: 32, diskMb: 256 } })
      const filled = await container.run(shell('for name in a b c d e; do cat /dev/zero > $name; done'))
      if (filled.kind === 'died') return expect(filled.oom).toBe(true)
      expect(filled).toMatchObject({ oom: true })
      expect(await container.collect(bounds)).toMatchObject({
        kind: expect.stringMatching(/^(lost|collected)$/),
      })
    })
  })
}

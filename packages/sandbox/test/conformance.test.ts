/** How every adapter of the port must behave, on a real engine: commands, files, faults and what is left behind. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FilesRefused, type ContainerFile } from '../src/index.js'
import { bytes, openLab, python, shell, stdoutOf, text, type Lab } from './lab.js'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
}, 180_000)
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
}, 60_000)

const bounds = { maxFiles: 100, maxFileBytes: 1024 * 1024, maxTotalBytes: 4 * 1024 * 1024 }

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
    await using container = await lab.ready(files)
    expect(stdoutOf(await container.run(shell('find . -type f | wc -l')))).toBe('201')
    expect(
      stdoutOf(await container.run(shell('stat -c "%u:%g %a" f0-ü; tail -c 3 deep/deep/deep/f123-ü'))),
    ).toBe('1000:1000 644\n123')
    const ran = await container.run(shell('', { argv: [`./${'long-name/'.repeat(15)}run.sh`] }))
    expect(stdoutOf(ran)).toBe('ran')
    const collected = await container.collect({ ...bounds, maxFiles: 300 })
    if (collected.kind !== 'collected') throw new Error(collected.reason)
    const back = new Map(
      files.map(({ path, content }) => [path.slice('/workspace/'.length), Buffer.from(content)]),
    )
    expect(new Map([...collected.files].map(([path, content]) => [path, Buffer.from(content)]))).toEqual(back)
    expect(collected.modes.get(`${'long-name/'.repeat(15)}run.sh`)).toBe(0o755)
  })

  test('takes files once', async () => {
    await using started = await lab.engine.start(lab.spec())
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
    await using started = await lab.engine.start(lab.spec())
    await expect(started.put([{ path, content: bytes('') }])).rejects.toThrow(FilesRefused)
  })

  test('refuses duplicates, a file that is a folder, and more than the folder holds', async () => {
    for (const paths of [
      ['/workspace/a', '/workspace/a'],
      ['/workspace/a/b', '/workspace/a'],
    ]) {
      await using started = await lab.engine.start(lab.spec())
      await expect(started.put(paths.map((path) => ({ path, content: bytes('') })))).rejects.toThrow(
        FilesRefused,
      )
    }
    await using started = await lab.engine.start(lab.spec({ limits: { diskMb: 1 } }))
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
    await using grader = await lab.ready(files, { role: 'grader' })
    expect(await grader.run(shell('', { argv: ['/checks/a'] }))).toMatchObject({ kind: 'exited', code: 0 })
    expect(await grader.run(shell('', { argv: ['/workspace/a'] }))).toMatchObject({ kind: 'cannot-start' })
    expect(await grader.run(shell('', { argv: ['/exec/a'] }))).toMatchObject({ kind: 'cannot-start' })
    expect(stdoutOf(await grader.run(shell('echo $HOME $EXEC_DIR')))).toBe('/tmp /exec')
  })
})

describe('run', () => {
  test('keeps exit code, stdout, stderr, stdin, environment and working directory', async () => {
    await using container = await lab.ready([{ path: '/workspace/sub/x', content: bytes('') }])
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
    await using container = await lab.ready()
    const argv = ['printf', '%s|', 'a b', '$HOME', '*', '', 'ü"\'']
    expect(stdoutOf(await container.run(shell('', { argv })))).toBe(argv.slice(2).join('|') + '|')
  })

  test('ends when the program ends, though a process that it left holds its output open', async () => {
    await using container = await lab.ready()
    const outcome = await container.run(shell('sleep 300 & echo done; exit 3', { timeoutMs: 15_000 }))
    expect(outcome).toMatchObject({ kind: 'exited', code: 3 })
    expect(text(outcome.kind === 'exited' ? outcome.stdout : undefined)).toBe('done\n')
  })

  test('loses nothing of a long output though something holds it open', async () => {
    await using container = await lab.ready()
    const outcome = await container.run(shell('sleep 300 & head -c 900000 /dev/zero', { timeoutMs: 15_000 }))
    expect(outcome.kind === 'exited' && outcome.stdout.length).toBe(900_000)
  })

  test('waits for a program that closed its output', async () => {
    await using container = await lab.ready()
    const outcome = await container.run(shell('exec >&- 2>&-; sleep 0.5; exit 4'))
    expect(outcome).toMatchObject({ kind: 'exited', code: 4 })
  })

  test('kills at the time limit, with the output so far, also a program that ignores SIGTERM', async () => {
    await using container = await lab.ready()
    const outcome = await container.run(
      shell("trap '' TERM INT HUP; echo begun; sleep 300", { timeoutMs: 1000 }),
    )
    expect(outcome.kind).toBe('timeout')
    expect(text(outcome.kind === 'timeout' ? outcome.stdout : undefined)).toBe('begun\n')
    await expect(container.run(shell('true'))).rejects.toThrow('ended')
  })

  test.each(['stdout', 'stderr'] as const)('cuts a flood on %s and kills its producer', async (stream) => {
    await using container = await lab.ready()
    const outcome = await container.run(shell(`yes >&${stream === 'stdout' ? 1 : 2}`, { maxBytes: 100_000 }))
    if (outcome.kind !== 'flood') throw new Error(outcome.kind)
    expect(outcome[stream].length).toBe(100_000)
    await expect(container.run(shell('true'))).rejects.toThrow('ended')
  })

  test('takes exactly as much output as allowed', async () => {
    await using container = await lab.ready()
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
    await using container = await lab.ready([
      { path: '/workspace/not-executable', content: bytes('#!/bin/sh\n') },
      { path: '/workspace/folder/x', content: bytes('') },
      { path: '/workspace/not-a-program', content: Uint8Array.from([1, 2, 3]), mode: 0o755 },
    ])
    const outcome = await container.run(shell('', { argv: [program] }))
    expect(outcome).toMatchObject({ kind: 'cannot-start', message: expect.stringMatching(why) })
    expect(stdoutOf(await container.run(shell('echo on')))).toBe('on')
  })

  test('says that the memory limit killed a process, and goes on', async () => {
    await using container = await lab.ready()
    const bomb = 'x = bytearray(300 << 20)'
    expect(await container.run(python(bomb))).toMatchObject({ kind: 'exited', code: 137, oom: true })
    // The child is killed, its parent ends as it likes.
    expect(await container.run(shell(`python3 -c '${bomb}'; exit 0`))).toMatchObject({
      kind: 'exited',
      code: 0,
      oom: true,
    })
    expect(await container.run(shell('kill -9 $$'))).toMatchObject({ kind: 'exited', code: 137, oom: false })
  })

  test('blames a learner whose processes use up the limit for what cannot start', async () => {
    await using container = await lab.ready([], { limits: { pids: 20 } })
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
      const outcome = await container.run(shell('', { argv: ['ls'] }))
      expect(outcome.kind).toMatch(/^(exited|cannot-start)$/)
    }
    const collected = await container.collect(bounds)
    expect(collected.kind).toBe('collected')
  })

  test('a lab written for more CPUs than the host has runs on what there is', async () => {
    await using container = await lab.ready([], { limits: { cpus: 512 } })
    expect(stdoutOf(await container.run(shell('echo works')))).toBe('works')
  })

  test('is one at a time', async () => {
    await using container = await lab.ready()
    const first = container.run(shell('sleep 0.3; echo first'))
    await expect(container.run(shell('true'))).rejects.toThrow('one command at a time')
    expect(stdoutOf(await first)).toBe('first')
  })

  test('the learner cannot end the container from inside', async () => {
    await using container = await lab.ready()
    await container.run(shell('for s in {1..64}; do kill -$s 1; done 2>/dev/null; kill -9 -1'))
    const poke = `
try:
    open('/proc/1/mem', 'r+b'); print('opened')
except OSError as e: print(e.strerror)`
    expect(stdoutOf(await container.run(python(poke)))).toBe('Permission denied')
    expect(stdoutOf(await container.run(shell('ls /proc/1/fd 2>&1 | tail -1; echo alive')))).toMatch(
      /denied\nalive$/,
    )
  })

  test('reaps what is orphaned', async () => {
    await using container = await lab.ready()
    const orphans = shell(
      'for i in {1..200}; do (setsid true >/dev/null 2>&1 </dev/null &); done; sleep 0.5; ps -eo stat= | grep -c Z',
    )
    expect(stdoutOf(await container.run(orphans))).toBe('0')
  })
})

describe('collect', () => {
  test('kills what was left running before it copies', async () => {
    await using container = await lab.ready()
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

  test('drops links, special files and what passes a bound, and says so', async () => {
    await using container = await lab.ready([{ path: '/workspace/kept', content: bytes('kept') }])
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
    await using container = await lab.ready()
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
    await using container = await lab.ready([{ path: '/workspace/z', content: bytes('z') }])
    await container.run(shell('for i in {1000..1999}; do echo $i > f$i; done'))
    const few = await container.collect({ ...bounds, maxFiles: 3 })
    if (few.kind !== 'collected') throw new Error(few.reason)
    expect([...few.files.keys()]).toEqual(['z', 'f1000', 'f1001'])
  })

  test('is not misled by what the learner leaves', async () => {
    const trap = bytes('#!/bin/sh\necho trapped')
    await using container = await lab.ready(
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
    await using container = await lab.ready([], { limits: { memoryMb: 32, diskMb: 64 } })
    const filled = await container.run(shell('cat /dev/zero > a; cat /dev/zero > b; cat /dev/zero > c'))
    if (filled.kind === 'died') return expect(filled.oom).toBe(true)
    expect(filled).toMatchObject({ oom: true })
    expect(await container.collect(bounds)).toMatchObject({
      kind: expect.stringMatching(/^(lost|collected)$/),
    })
  })
})

describe('what is left behind', () => {
  test('nothing, once disposed containers are drained', async () => {
    const started = await lab.engine.start(lab.spec())
    const ready = await lab.ready()
    await started[Symbol.asyncDispose]()
    await ready[Symbol.asyncDispose]()
    expect(lab.engine.removing).toBeGreaterThan(0)
    await lab.engine.drained()
    expect(lab.engine.removing).toBe(0)
    expect(await lab.engine.removeAll()).toBe(0)
  })

  test('a sweep removes what has no living owner, and nothing else', async () => {
    await lab.engine.drained()
    const [alive, dead] = await Promise.all([
      lab.engine.start(lab.spec({ owner: { worker: 'alive', pod: 'a' } })),
      lab.engine.start(lab.spec({ owner: { worker: 'dead', pod: 'b' }, role: 'grader' })),
    ])
    const seen: unknown[] = []
    const isAlive = (owner: { worker: string }) => {
      seen.push(owner)
      return owner.worker === 'alive'
    }
    expect(await lab.engine.sweep(isAlive, 60_000)).toBe(0)
    expect(await lab.engine.sweep(isAlive, 0)).toBe(1)
    expect(seen).toContainEqual({ worker: 'dead', pod: 'b', kind: 'grader' })
    const container = await alive.put([])
    expect(stdoutOf(await container.run(shell('echo alive')))).toBe('alive')
    await expect(dead.put([])).rejects.toThrow('lost')
    expect(dead.usable).toBe(false)
    expect(await lab.engine.removeAll('other')).toBe(0)
    expect(await lab.engine.removeAll()).toBe(1)
  })
})

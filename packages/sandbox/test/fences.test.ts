/**
 * The limits of the strict profile, tried from inside as the learner, and what works within it all the same. Its other fences are
 * tried by the attacks of packages/self-test.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ReadyContainer } from '../src/index.js'
import { openLab, python, shell, stdoutOf, type Lab } from './lab.js'

let lab: Lab
let container: ReadyContainer
beforeAll(async () => {
  lab = await openLab()
  container = await lab.ready()
}, 180_000)
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
}, 60_000)

const sh = async (line: string) => stdoutOf(await container.run(shell(line)))

describe('limits', () => {
  test('processes: a fork bomb ends at the limit, and the container is usable after a kill', async () => {
    await using own = await lab.ready([], { limits: { pids: 30 } })
    const bomb = await own.run(shell('bomb() { bomb | bomb & }; bomb; sleep 1', { timeoutMs: 3000 }))
    expect(bomb.kind).toMatch(/^(timeout|exited)$/)
    const count = `
import os, time
n = 0
try:
    while True:
        if os.fork() == 0: time.sleep(60)
        n += 1
except BlockingIOError: print(n)`
    await using other = await lab.ready([], { limits: { pids: 30 } })
    const reached = Number(stdoutOf(await other.run(python(count))))
    expect(reached).toBeGreaterThan(20)
    expect(reached).toBeLessThan(30)
  })

  test('memory: more than the limit is killed, in a child too', async () => {
    await using own = await lab.ready([], { limits: { memoryMb: 64 } })
    const outcome = await own.run(python('x = bytearray(80 << 20)'))
    expect(outcome).toMatchObject({ oom: true })
  })

  test('disk: bytes and inodes of each folder', async () => {
    await using own = await lab.ready([], { limits: { diskMb: 3 } })
    const fill = (folder: string) =>
      own.run(
        shell(
          `cd ${folder}; cat /dev/zero > a 2>/dev/null; stat -c %s a; rm a; i=0; while : > f$i; do i=$((i+1)); done 2>/dev/null; echo $i`,
        ),
      )
    for (const [folder, size, inodes] of [
      ['/workspace', 3, 4096],
      ['/tmp', 32, 2048],
      ['/dev/shm', 8, 512],
    ] as const) {
      const [bytes, files] = stdoutOf(await fill(folder))
        .split('\n')
        .map(Number)
      expect(bytes).toBeLessThanOrEqual(size * 1024 * 1024)
      expect(bytes).toBeGreaterThan(0)
      expect(files).toBeLessThan(inodes)
      expect(files).toBeGreaterThan(inodes / 2)
    }
  })

  test('file size, open files, core dumps', async () => {
    const write = `head -c ${33 * 1024 * 1024} /dev/zero > /workspace/x; stat -c %s /workspace/x; rm /workspace/x`
    expect(Number(await sh(`(${write}) 2>/dev/null`))).toBeLessThanOrEqual(32 * 1024 * 1024)
    expect(await sh('ulimit -Hn; ulimit -Hc; ulimit -Hf; ulimit -Hl; ulimit -Hq')).toBe('256\n0\n32768\n0\n0')
    const open = `
fds = []
try:
    while True: fds.append(open('/dev/null'))
except OSError: print(len(fds))`
    expect(Number(stdoutOf(await container.run(python(open))))).toBeLessThan(256)
  })

  test('CPU: two busy processes get no more than one CPU’s time', async () => {
    await using own = await lab.ready([], { limits: { cpus: 0.5 } })
    const spin = `
import os, time
for _ in range(2):
    if os.fork() == 0:
        end = time.monotonic() + 2
        while time.monotonic() < end: pass
        os._exit(0)
for _ in range(2): os.wait()
used = os.times(); print(used.children_user + used.children_system)`
    expect(Number(stdoutOf(await own.run(python(spin))))).toBeLessThan(1.5)
  })
})

describe('network', () => {
  test('localhost works by name', async () => {
    const serve = `
import socket, threading
server = socket.create_server(('127.0.0.1', 8080))
def answer():
    peer, _ = server.accept(); peer.recv(4096); peer.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nserved')
threading.Thread(target=answer, daemon=True).start()
import urllib.request; print(urllib.request.urlopen('http://localhost:8080').read().decode())`
    expect(stdoutOf(await container.run(python(serve)))).toBe('served')
  })
})

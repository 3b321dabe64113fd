/** The lab image and the ways to it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildLabImage, LabImageFailed } from '../src/index.js'
import { openLab, python, shell, stdoutOf, type Lab } from './lab.js'

let lab: Lab
let recipe: string
beforeAll(async () => {
  lab = await openLab()
  recipe = await mkdtemp(join(tmpdir(), 'recipe-'))
}, 180_000)
afterAll(async () => {
  await rm(recipe, { recursive: true, force: true })
  await lab?.[Symbol.asyncDispose]()
}, 60_000)

const build = (tag: string, onProgress?: (line: string) => void) =>
  buildLabImage({ dockerHost: lab.host.dockerHost, dir: recipe, tag, ...(onProgress ? { onProgress } : {}) })

test('the shell image has what a lab may count on', async () => {
  expect([...(await lab.engine.images()).keys()]).toContain(lab.image)
  await using container = await lab.ready()
  const tools = 'bash awk sed grep find xargs sort tar gzip diff jq curl python3 ps less tree hostname'
  expect(
    stdoutOf(await container.run(shell(`for t in ${tools}; do command -v $t >/dev/null || echo $t; done`))),
  ).toBe('')
  const modules = 'import json, socket, ssl, sqlite3, subprocess, urllib.request, http.server, unittest'
  expect(stdoutOf(await container.run(shell(`python3 -c '${modules}' && echo fine`)))).toBe('fine')
  expect(
    stdoutOf(await container.run(shell('whoami; pwd; locale charmap 2>/dev/null; echo ü | wc -m'))),
  ).toMatch(/^learner\n\/workspace\n(UTF-8\n)?2$/)
})

test('the shell image has nothing to install with, and nothing to administer', async () => {
  await using container = await lab.ready()
  const tools = 'ls /usr/bin/*perl* /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/* 2>/dev/null | wc -l'
  expect(stdoutOf(await container.run(shell(tools)))).toBe('0')
})

test('localhost works by name, though there is no network', async () => {
  await using container = await lab.ready()
  const serve = `
import socket, threading
server = socket.create_server(('127.0.0.1', 8080))
def answer():
    peer, _ = server.accept(); peer.recv(4096); peer.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nserved')
threading.Thread(target=answer, daemon=True).start()
import urllib.request; print(urllib.request.urlopen('http://localhost:8080').read().decode())`
  expect(stdoutOf(await container.run(python(serve)))).toBe('served')
})

test('an image that is there is not made again', async () => {
  expect(await build(lab.image)).toBe('present')
})

test('a recipe that fails says why, and its progress is told', async () => {
  await writeFile(join(recipe, 'Dockerfile'), 'FROM scratch\n')
  await writeFile(
    join(recipe, 'rootfs.sh'),
    'echo "I: unpacking" >&2; echo "E: no such package: nonsense" >&2; exit 25\n',
  )
  const lines: string[] = []
  const failure = await build('test/failing:1', (line) => lines.push(line)).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(LabImageFailed)
  expect((failure as Error).message).toContain('no such package: nonsense')
  expect(lines).toContain('test/failing:1: unpacking')
})

test('a recipe becomes an image with its configuration, and is kept for the next engine', async () => {
  const root = 'mkdir -p root/workspace && echo hi > root/hello && tar -C root -cf "$1" . && rm -r root\n'
  await writeFile(join(recipe, 'Dockerfile'), 'FROM scratch\n')
  await writeFile(join(recipe, 'rootfs.sh'), root)
  const config = { user: '1000:1000', workdir: '/workspace', env: { GREETING: 'hello' }, cmd: ['/hello'] }
  await writeFile(join(recipe, 'image.json'), JSON.stringify(config))
  const cacheDir = join(recipe, 'cache')
  const request = { dockerHost: lab.host.dockerHost, dir: recipe, cacheDir }
  expect(await buildLabImage({ ...request, tag: 'test/made:1' })).toBe('imported')
  expect([...(await lab.engine.images()).keys()]).toContain('test/made:1')
  // With the recipe gone only what was kept can have made it.
  await writeFile(join(recipe, 'rootfs.sh'), 'exit 1\n')
  await expect(buildLabImage({ ...request, tag: 'test/made:2' })).rejects.toThrow(LabImageFailed)
  expect(await build('test/made:1')).toBe('present')
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startProduct, type RunningProduct } from '@cooperage/testing'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The launcher itself: what it refuses, what it leaves, what it takes up again. */
const root = resolve(import.meta.dirname, '../../..')
let data: string
let product: RunningProduct

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'cooperage-launcher-'))
  product = await startProduct({ data, env: { DOCKER_HOST: undefined } })
}, 600_000)
afterAll(async () => {
  await product?.stop()
  await rm(data, { recursive: true, force: true })
}, 120_000)

function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['infra/bootstrap.mjs', 'start', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

/** Every process, mount and cgroup, and the engine's folder, that names this installation or its state folder. */
function traces(): string[] {
  const id: string = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')).installationId
  const names = (text: string) => text.includes(id) || text.includes(data)
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  const ofProcess = (pid: string) =>
    ['cmdline', 'environ'].some((file) => names(tryRead(`/proc/${pid}/${file}`)))
  const processes = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && ofProcess(pid),
  )
  const mounts = read('/proc/self/mounts').split('\n').filter(names)
  const groups = ['', ...readdirSync('/sys/fs/cgroup')].map((tree) =>
    join('/sys/fs/cgroup', tree, `cooperage-${id}`),
  )
  return [
    ...processes,
    ...mounts,
    ...[...groups, `/run/cooperage-${id}`].filter((place) => existsSync(place)),
  ]
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

test('a second start in the same folder is refused, and the first goes on', async () => {
  const { status, output } = run('--data', data, '--port', '3999')
  expect([status, output]).toEqual([
    1,
    expect.stringContaining(`Cooperage already runs with the state folder ${data}`),
  ])
  expect((await fetch(`${product.baseUrl}/health/ready`)).status).toBe(200)
}, 60_000)

test('a port in use is named, with who uses it and without a stack', async () => {
  const other = await mkdtemp(join(tmpdir(), 'cooperage-other-'))
  const port = new URL(product.baseUrl).port
  const { status, output } = run('--data', other, '--port', port)
  expect([status, output]).toEqual([
    1,
    expect.stringMatching(new RegExp(`Port ${port} is in use by .*dist/main.js`)),
  ])
  expect(output).not.toMatch(/^\s+at /m)
  await rm(other, { recursive: true, force: true })
}, 60_000)

test('the doctor finds the engine that runs, which nobody else on this machine is told of', async () => {
  expect(statSync(join(data, 'run/lab-engine.json')).mode & 0o777).toBe(0o600)
  const doctor = ['apps/cli/bin/cooperage.mjs', 'doctor', '--quick', '--data', data]
  const env = { ...process.env, NODE_OPTIONS: '', DOCKER_HOST: '' }
  const { status, stdout } = spawnSync(process.execPath, doctor, { cwd: root, env, encoding: 'utf8' })
  expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, expect.stringMatching(/labs may run\.$/)])
}, 60_000)

test('killed, it leaves nothing running; started again, it has everything', async () => {
  product.process.kill('SIGKILL')
  const deadline = Date.now() + 45_000
  while (traces().length > 0 && Date.now() < deadline) await pause(250)
  expect(traces()).toEqual([])
  expect(existsSync(join(data, 'run/lab-engine.json'))).toBe(false)
  const before = product.demo
  product = await startProduct({ data, env: { DOCKER_HOST: undefined } })
  expect(product.demo).toEqual({ ...before, baseUrl: product.baseUrl })
  await product.as('learner')
}, 180_000)

test('asked to end, it ends with 0 and leaves nothing but its folder', async () => {
  expect(await product.stop()).toBe(0)
  expect(traces()).toEqual([])
  expect(existsSync(join(data, 'run/lab-engine.json'))).toBe(false)
}, 90_000)

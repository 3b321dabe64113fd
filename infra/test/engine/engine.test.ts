import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findGvisor } from '@cooperage/sandbox'
import { type Installation, openInstallation } from '../../src/installation.js'
import { type EngineAccess, provideEngine } from '../../src/services/engine.js'
import type { StartedService } from '../../src/supervise/supervisor.js'
import { quietProgress } from '../quiet.js'

let folder: string
let installation: Installation
let running: StartedService | undefined

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'engine-'))
  installation = openInstallation(folder)
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(folder, { recursive: true, force: true })
  rmSync(path.join('/var/lib/cooperage', installation.id), { recursive: true, force: true })
}, 60_000)

async function start(): Promise<Required<EngineAccess>> {
  const access = await provideEngine(installation, {}, quietProgress())
  if ('off' in access) throw new Error(access.off)
  if (!access.service) throw new Error('the engine is not a private one')
  running = access.service
  return { ...access, service: access.service }
}

interface Info {
  SecurityOptions: string[]
  CgroupDriver: string
  Runtimes: Record<string, unknown>
}

function info(dockerHost: string): Promise<Info> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: dockerHost.replace('unix://', ''), path: '/info' }, (response) => {
      let body = ''
      response.on('data', (part: Buffer) => (body += part.toString()))
      response.once('end', () => resolve(JSON.parse(body)))
    })
    asking.once('error', reject)
    asking.end()
  })
}

/** Whatever of the installation can be seen on this machine. */
function traces(): string[] {
  const { id } = installation
  const commandLine = (pid: string) => {
    const file = `/proc/${pid}/cmdline`
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(id))
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(id) || line.includes(folder))
  const trees = ['', ...readdirSync('/sys/fs/cgroup')].map((tree) =>
    path.join('/sys/fs/cgroup', tree, `cooperage-${id}`),
  )
  return [...processes, ...mounts, ...[...trees, `/run/cooperage-${id}`].filter((place) => existsSync(place))]
}

test('the private engine remaps root, comes back when it is killed, and leaves no trace', async () => {
  const { dockerHost, service } = await start()
  expect(await info(dockerHost)).toMatchObject({
    SecurityOptions: expect.arrayContaining(['name=userns']),
    CgroupDriver: 'cgroupfs',
  })
  const first = service.pid()
  process.kill(first, 'SIGKILL')
  const deadline = Date.now() + 30_000
  let back: unknown
  while (back === undefined && Date.now() < deadline) {
    back = service.pid() === first ? await pause(50) : await info(dockerHost).catch(() => pause(50))
  }
  expect(back).toBeDefined()
  expect(traces()).not.toEqual([])
  await service.stop()
  expect(traces()).toEqual([])
}, 90_000)

test('an engine that is named and does not answer is an error, not a reason to start another', async () => {
  const given = provideEngine(installation, { DOCKER_HOST: `unix://${folder}/none.sock` }, quietProgress())
  await expect(given).rejects.toThrow('The Docker Engine of DOCKER_HOST')
  expect(traces()).toEqual([])
})

test('the private engine knows gVisor where it is installed and works, and no runtime that is not', async () => {
  const gvisor = await findGvisor(process.env)
  const { dockerHost } = await start()
  const { Runtimes } = await info(dockerHost)
  if ('missing' in gvisor) expect(Runtimes).not.toHaveProperty('runsc')
  else expect(Runtimes.runsc).toMatchObject(gvisor)
  const given = provideEngine(
    installation,
    { DOCKER_HOST: dockerHost, LAB_RUNTIME: 'runscc' },
    quietProgress(),
  )
  await expect(given).rejects.toThrow(/LAB_RUNTIME .* knows no runtime "runscc"; it has .*runc/)
}, 90_000)

test('a LAB_RUNTIME that the private engine would not have is an error before it starts', async () => {
  const asked = (env: NodeJS.ProcessEnv) => provideEngine(installation, env, quietProgress())
  await expect(asked({ LAB_RUNTIME: 'crun' })).rejects.toThrow(/LAB_RUNTIME is crun.* it has runc/)
  const without = { LAB_RUNTIME: 'runsc', RUNSC_PATH: `${folder}/runsc` }
  await expect(asked(without)).rejects.toThrow('There is no program runsc at')
  expect(traces()).toEqual([])
})

test('what a failed start under gVisor left is gone after the next stop', async () => {
  const { service } = await start()
  // Of that name, with the engine's folder in its arguments, and in no cgroup of a container.
  const left = spawn(
    process.execPath,
    ['-e', 'setTimeout(() => {}, 300_000)', `/run/cooperage-${installation.id}/docker`],
    {
      argv0: 'runsc-sandbox',
      stdio: 'ignore',
    },
  )
  const ended = once(left, 'exit')
  await service.stop()
  expect(await ended).toEqual([null, 'SIGTERM'])
  expect(traces()).toEqual([])
}, 90_000)

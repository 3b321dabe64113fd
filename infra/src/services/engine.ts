// The Docker Engine that labs run in: the one that DOCKER_HOST names, or a private one with user-namespace remapping, no network of
// its own, and a cgroup of its own. A system's engine is never used unless it is named.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { type EngineRuntime, openEngine, UnknownRuntime } from '@cooperage/sandbox'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { isRoot } from '../host/accounts.js'
import { canInstall, installAdvice, installPackages } from '../host/apt.js'
import { findProgram } from '../host/binaries.js'
import type { Installation } from '../installation.js'
import { basicEnv } from '../supervise/child.js'
import { clearEngine, type EnginePlace, placeOfEngine } from './engine-place.js'
import { furtherRuntimes } from './engine-runtimes.js'
import { type StartedService, superviseService } from '../supervise/supervisor.js'

export type EngineAccess = { dockerHost: string; isPrivate: boolean; service?: StartedService }
/** There is no engine, and labs are off for this reason: a sentence, and what to do about it. */
export type NoEngine = { off: string }

/**
 * @returns NoEngine where none can be had, which is no failure: everything but labs works without
 * @throws {Trouble} when DOCKER_HOST does not answer, a private engine does not start, or there is no such LAB_RUNTIME
 */
export async function provideEngine(
  installation: Installation,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<EngineAccess | NoEngine> {
  if (env.DOCKER_HOST) {
    await checkGiven(env.DOCKER_HOST, installation.id, env.LAB_RUNTIME || undefined)
    return { dockerHost: env.DOCKER_HOST, isPrivate: false }
  }
  if (!isRoot()) {
    return {
      off: 'A private Docker Engine needs root, and this is not root. Run as root, or name an engine in DOCKER_HOST.',
    }
  }
  const programs = await findPrograms(progress)
  if ('off' in programs) return programs
  return progress.during('Starting the Docker Engine for labs', async () =>
    startPrivate(installation, programs, await furtherRuntimes(env), progress),
  )
}

type Programs = { dockerd: string; containerd: string }

async function findPrograms(progress: Progress): Promise<Programs | NoEngine> {
  const find = () => {
    const dockerd = findProgram('dockerd')
    const containerd = findProgram('containerd', 'docker-containerd')
    return dockerd && containerd ? { dockerd, containerd } : undefined
  }
  const found = find()
  if (found) return found
  if (!canInstall()) return { off: `There is no Docker Engine here. ${installAdvice(['docker.io'])}` }
  try {
    await installPackages(packagesOfEngine(), progress)
  } catch (error) {
    if (error instanceof Trouble) return { off: `${error.message} ${error.advice}` }
    throw error
  }
  return find() ?? { off: 'The package docker.io brought no Docker Engine. Name one in DOCKER_HOST.' }
}

/** With AppArmor in the kernel, the engine must be able to load its profile. */
function packagesOfEngine(): string[] {
  const file = '/sys/module/apparmor/parameters/enabled'
  const wantsAppArmor = existsSync(file) && readFileSync(file, 'utf8').startsWith('Y')
  return [
    'docker.io',
    ...(wantsAppArmor && !findProgram('apparmor_parser') ? ['apparmor'] : []),
    // Not the engine's, but it makes the engine's images; one installation is quicker than two.
    ...(findProgram('mmdebstrap') ? [] : ['mmdebstrap']),
  ]
}

async function startPrivate(
  installation: Installation,
  programs: Programs,
  runtimes: Record<string, EngineRuntime>,
  progress: Progress,
): Promise<EngineAccess> {
  const place = placeOfEngine(installation)
  await clearEngine(installation, place)
  mkdirSync(place.run, { mode: 0o711 })
  writeSettings(place, runtimes)
  // Pulling an image may have to go through a proxy.
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
  const given = proxies.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []))
  const env = { ...basicEnv(), ...Object.fromEntries(given) }

  // Beside the engine rather than under it: it is ready a second sooner, and a killed engine finds its containers again.
  const containerd = superviseService(
    {
      title: 'containerd',
      child: {
        command: programs.containerd,
        args: ['--config', path.join(place.run, 'containerd.toml')],
        env,
        log: installation.openLog('containerd'),
        runFile: installation.runFile('containerd'),
      },
      answers: async () => existsSync(place.containerdSocket),
      beforeRestart: async () => rmSync(place.containerdSocket, { force: true }),
    },
    progress,
  )
  const dockerd = containerd.then(() =>
    superviseService(
      {
        title: 'The Docker Engine',
        child: {
          command: programs.dockerd,
          args: ['--config-file', path.join(place.run, 'daemon.json')],
          env,
          log: installation.openLog('engine'),
          runFile: installation.runFile('engine'),
          graceMs: 25_000,
        },
        answers: () => ping(place.socket),
        // Its pid may belong to somebody else by now.
        beforeRestart: async () => rmSync(path.join(place.run, 'docker.pid'), { force: true }),
      },
      progress,
    ),
  )
  const stopAll = async () => {
    // The engine first: it stops its containers, for which it needs containerd.
    await dockerd.then((started) => started.stop()).catch(() => undefined)
    await containerd.then((started) => started.stop()).catch(() => undefined)
    await clearEngine(installation, place)
  }
  try {
    const started = await dockerd
    return {
      dockerHost: `unix://${place.socket}`,
      isPrivate: true,
      service: { pid: started.pid, stop: stopAll },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

function writeSettings(place: EnginePlace, runtimes: Record<string, EngineRuntime>): void {
  const dockerd = {
    hosts: [`unix://${place.socket}`],
    group: 'root',
    pidfile: path.join(place.run, 'docker.pid'),
    'exec-root': path.join(place.run, 'docker'),
    'data-root': path.join(place.data, 'docker'),
    containerd: place.containerdSocket,
    'userns-remap': 'default',
    bridge: 'none',
    iptables: false,
    'ip-forward': false,
    'userland-proxy': false,
    'exec-opts': ['native.cgroupdriver=cgroupfs'],
    'cgroup-parent': `/${place.cgroup}`,
    'default-cgroupns-mode': 'private',
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '1m', 'max-file': '1' },
    'log-level': 'warn',
    'shutdown-timeout': 5,
    runtimes,
    // Newer engines keep images in containerd by default, which knows no remapping.
    features: { 'containerd-snapshotter': false },
  }
  writeFileSync(path.join(place.run, 'daemon.json'), JSON.stringify(dockerd, null, 2), { mode: 0o600 })
  const containerd = [
    'version = 2',
    `root = "${path.join(place.data, 'containerd')}"`,
    `state = "${path.join(place.run, 'containerd')}"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    '[grpc]',
    `  address = "${place.containerdSocket}"`,
    '[debug]',
    '  level = "warn"',
    '',
  ]
  writeFileSync(path.join(place.run, 'containerd.toml'), containerd.join('\n'), { mode: 0o600 })
}

function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ socketPath, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asking.once('timeout', () => asking.destroy())
    asking.once('error', () => resolve(false))
    asking.end()
  })
}

async function checkGiven(
  dockerHost: string,
  installation: string,
  runtime: string | undefined,
): Promise<void> {
  try {
    await using engine = await openEngine({
      dockerHost,
      installation,
      ...(runtime === undefined ? {} : { runtime }),
    })
    await engine.ping()
    await engine.expectRuntime()
  } catch (error) {
    if (error instanceof UnknownRuntime) {
      throw new Trouble(
        `LAB_RUNTIME is not a runtime of DOCKER_HOST (${dockerHost}): ${error.message}.`,
        'Add it to `runtimes` in that engine’s daemon.json, correct LAB_RUNTIME, or leave it away.',
      )
    }
    throw new Trouble(
      `The Docker Engine of DOCKER_HOST (${dockerHost}) cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
      'Start it, correct DOCKER_HOST, or leave DOCKER_HOST away to have a private one.',
    )
  }
}

/** A private Docker engine for tests, set up as the product sets up its own, and gone without a trace afterwards. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { boundCgroup, processesIn, removeCgroups, type CgroupBounds } from './cgroup.js'

export interface TestEngine extends AsyncDisposable {
  readonly dockerHost: string
  /** Stops and starts the engine, as an operator would. */
  restart(): Promise<void>
  /** Kills the engine with SIGKILL; its containers run on without it. `restart` brings it back. */
  kill9(): Promise<void>
  /** Kills the engine's containerd with SIGKILL; the engine starts another. */
  killContainerd9(): Promise<void>
  /** Stops a frozen engine or freezes a running one: it keeps its connections and answers nothing. */
  freeze(frozen: boolean): void
  /** Bounds what all its containers use together, so that this machine outlives whatever they do. Throws when it cannot be. */
  confine(): Promise<void>
  /** What there is of it on the host at this moment. */
  traces(): Promise<EngineTraces>
  stop(): Promise<void>
}

export interface EngineTraces {
  /** Processes in its containers. */
  readonly contained: readonly number[]
  /** Processes that keep a container or start something in it: shims and runtimes. */
  readonly keepers: readonly number[]
  /** Mount points below its folders. */
  readonly mounts: readonly string[]
}

export interface TestEngineOptions {
  /** Whether root of a container is another user on the host. Default true, as the product has it. */
  readonly userNamespaces?: boolean
  /** Further runtimes by name, as the engine's settings have them. */
  readonly runtimes?: Readonly<Record<string, EngineRuntime>>
}

interface EngineRuntime {
  readonly path: string
  readonly runtimeArgs: readonly string[]
}

const READY_MS = 30_000

/** Well beyond a pod's own limits, so that it shows when those are missing; well within any machine that runs tests. */
const CONFINES: CgroupBounds = { pids: 600, memoryMb: 1536, cpus: 1.5 }

/**
 * Starts a dockerd of its own (as root), or uses the one at COOPERAGE_TEST_DOCKER_HOST, which is then left
 * alone: `restart`, `kill9`, `freeze` and `confine` are refused. Throws when none can be started, with the end of its log.
 */
export async function startTestEngine({
  userNamespaces = true,
  runtimes = {},
}: TestEngineOptions = {}): Promise<TestEngine> {
  const given = process.env.COOPERAGE_TEST_DOCKER_HOST
  if (given) return givenEngine(given)
  // Short, because a socket's path ends at 107 bytes.
  const folder = await mkdtemp('/tmp/coo-eng-')
  const engine = new PrivateEngine(folder, userNamespaces, runtimes)
  try {
    await engine.setUp()
    await engine.start()
    return engine
  } catch (error) {
    await engine.stop()
    throw error
  }
}

function givenEngine(dockerHost: string): TestEngine {
  const refuse = () => {
    throw new Error('COOPERAGE_TEST_DOCKER_HOST names an engine that is not the test’s to disturb')
  }
  const nothing = () => Promise.resolve()
  const mine = {
    restart: refuse,
    kill9: refuse,
    killContainerd9: refuse,
    freeze: refuse,
    confine: refuse,
    traces: refuse,
  }
  return { ...mine, dockerHost, stop: nothing, [Symbol.asyncDispose]: nothing }
}

class PrivateEngine implements TestEngine {
  readonly dockerHost: string
  private readonly socket: string
  private readonly cgroup: string
  private child: ChildProcess | undefined

  constructor(
    private readonly folder: string,
    private readonly userNamespaces: boolean,
    private readonly runtimes: Readonly<Record<string, EngineRuntime>>,
  ) {
    this.socket = join(folder, 's')
    this.dockerHost = `unix://${this.socket}`
    this.cgroup = `coo-${folder.slice(-6)}`
  }

  async setUp(): Promise<void> {
    // The remapped root, another user, passes through.
    await chmod(this.folder, 0o711)
    await mkdir(join(this.folder, 'data'), { recursive: true })
    const settings = {
      ...(this.userNamespaces ? { 'userns-remap': 'default' } : {}),
      bridge: 'none',
      iptables: false,
      'ip-forward': false,
      'userland-proxy': false,
      'default-cgroupns-mode': 'private',
      'cgroup-parent': `/${this.cgroup}`,
      'data-root': join(this.folder, 'data'),
      'exec-root': join(this.folder, 'x'),
      pidfile: join(this.folder, 'pid'),
      hosts: [this.dockerHost],
      runtimes: this.runtimes,
      'log-level': 'warn',
    }
    await writeFile(join(this.folder, 'daemon.json'), JSON.stringify(settings))
  }

  async start(): Promise<void> {
    // After a kill -9 dockerd takes its old containerd for alive as long as nobody has reaped it, and waits in vain.
    for (const file of ['pid', 'x/containerd/containerd.pid']) await forgetDead(join(this.folder, file))
    const child = spawn('dockerd', ['--config-file', join(this.folder, 'daemon.json')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own session: a Ctrl-C at the terminal is for the test run, which then stops the engine.
      detached: true,
    })
    const log = createWriteStream(join(this.folder, 'log'), { flags: 'a' })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    child.once('close', () => log.end())
    const failed = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, signal) => resolve(`it ended with ${code ?? signal}`))
    })
    this.child = child
    const deadline = Date.now() + READY_MS
    while (Date.now() < deadline) {
      if (await answers(this.socket)) return
      const end = await Promise.race([failed, sleep(50)])
      if (end !== undefined) throw new Error(`dockerd: ${end}\n${await this.endOfLog()}`)
    }
    throw new Error(`dockerd is not ready after ${READY_MS} ms\n${await this.endOfLog()}`)
  }

  async restart(): Promise<void> {
    await this.end('SIGTERM')
    await this.start()
  }

  async kill9(): Promise<void> {
    await this.end('SIGKILL')
  }

  async killContainerd9(): Promise<void> {
    process.kill(Number(await readFile(join(this.folder, 'x/containerd/containerd.pid'), 'utf8')), 'SIGKILL')
  }

  async traces(): Promise<EngineTraces> {
    const [contained, own, mounts] = await Promise.all([
      processesIn(this.cgroup),
      processesOf(this.folder),
      mountsUnder(this.folder),
    ])
    const keepers: number[] = []
    for (const pid of own) {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      if (/^[^\0]*(containerd-shim|runc)/.test(line)) keepers.push(pid)
    }
    return { contained: [...new Set(contained)], keepers, mounts }
  }

  freeze(frozen: boolean): void {
    this.child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT')
  }

  async confine(): Promise<void> {
    await boundCgroup(this.cgroup, CONFINES)
  }

  async stop(): Promise<void> {
    this.freeze(false)
    await this.end('SIGTERM')
    // After a kill -9 its containerd, shims and containers live on, after a failed start gVisor's processes: they are known by
    // the folder in their arguments and by the cgroup, and nothing else has those.
    await killEvery(async () => [...(await processesOf(this.folder)), ...(await processesIn(this.cgroup))])
    for (const mount of (await mountsUnder(this.folder)).reverse()) {
      await once(spawn('umount', ['-l', mount], { stdio: 'ignore' }), 'close')
    }
    await removeCgroups(this.cgroup)
    await rm(this.folder, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.child
    this.child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    const patience = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(patience)
  }

  private async endOfLog(): Promise<string> {
    const log = await readFile(join(this.folder, 'log'), 'utf8').catch(() => '')
    return log.split('\n').slice(-8).join('\n')
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 1000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.once('timeout', () => ping.destroy())
    ping.once('error', () => resolve(false))
    ping.end()
  })
}

/** Removes a pid file whose process has ended, reaped or not. */
async function forgetDead(pidFile: string): Promise<void> {
  const pid = await readFile(pidFile, 'utf8').catch(() => '')
  const status = await readFile(`/proc/${pid.trim() || 'none'}/status`, 'utf8').catch(() => '')
  if (!status || /^State:\s+[ZX]/m.test(status)) await rm(pidFile, { force: true })
}

async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const mine = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return (
        pid !== process.pid && /^[^\0]*(dockerd|containerd|runs?c)/.test(line) && line.includes(`${folder}/`)
      )
    }),
  )
  return pids.filter((_, at) => mine[at])
}

async function killEvery(find: () => Promise<number[]>): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const pids = await find()
    if (pids.length === 0) return
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself.
      }
    }
    await sleep(25)
  }
}

async function mountsUnder(folder: string): Promise<string[]> {
  const table = await readFile('/proc/self/mounts', 'utf8')
  return table
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
}

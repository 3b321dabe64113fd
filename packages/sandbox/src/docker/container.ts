/** Containers of the Docker adapter: waiting for its files, then ready; disposed through the engine. */
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import {
  EngineFault,
  FilesRefused,
  type CollectBounds,
  type ContainerFacts,
  type ContainerUsage,
  type CollectOutcome,
  type Command,
  type ContainerFile,
  type ContainerSpec,
  type Isolation,
  type ReadyContainer,
  type RunOutcome,
  type StartedContainer,
} from '../port.js'
import { RUNTIMES } from '../runtimes.js'
import { ROOTS } from '../strict-profile.js'
import { isPlainPath, packTar } from '../tar.js'
import { collect } from './collect.js'
import { call, statusOf } from './connection.js'
import { BoundedOutput } from './demux.js'
import { usageOf } from './usage.js'
import { startFailure } from './exec-failure.js'
import { exec, type ExecResult } from './exec.js'
import type { KillWatch } from './kill-watch.js'

/** What a container needs of its engine. */
export interface Keeper {
  readonly kills: KillWatch
  readonly isolation: Isolation
  /** Asks for the container's removal. */
  discard(container: Docker.Container): void
  /** Does what somebody waits for: removals wait until it is done. */
  working<T>(command: () => Promise<T>): Promise<T>
}

/** Longest wait for the first process to unpack, in milliseconds. */
const UNPACK_MS = 30_000
/** Its one line: `ready`, or `failed` and tar's message. */
const MAX_LINE = 4096

export class WaitingContainer implements StartedContainer {
  readonly id: string
  private readonly line = new BoundedOutput(MAX_LINE)
  private readonly answered: Promise<void>
  private state: 'waiting' | 'taking' | 'handed-over' | 'lost' | 'disposed' = 'waiting'

  /** @param stream the attach to stdin and stdout, opened before the start */
  constructor(
    private readonly container: Docker.Container,
    readonly spec: ContainerSpec,
    readonly facts: ContainerFacts,
    private readonly stream: Duplex,
    private readonly keeper: Keeper,
  ) {
    this.id = container.id
    this.answered = new Promise((resolve) => {
      const lost = () => {
        if (this.state === 'waiting') this.state = 'lost'
        resolve()
      }
      stream.on('data', (bytes: Buffer) => {
        if (!this.line.push(bytes)) stream.destroy()
        if (this.line.stdout.includes(0x0a)) resolve()
      })
      stream.once('end', lost)
      stream.once('close', lost)
      stream.once('error', lost)
    })
  }

  get usable(): boolean {
    return this.state === 'waiting'
  }

  async usage(): Promise<ContainerUsage> {
    return usageOf(this.container)
  }

  async put(files: readonly ContainerFile[]): Promise<ReadyContainer> {
    if (this.state === 'lost') throw new EngineFault('the container was lost while it waited')
    if (this.state !== 'waiting') throw new Error('a container takes files once')
    this.state = 'taking'
    const archive = packFiles(files, this.spec)
    this.stream.end(archive)
    const stop = new AbortController()
    const clock = sleep(UNPACK_MS, undefined, { signal: stop.signal }).catch(() => undefined)
    await Promise.race([this.answered, clock])
    stop.abort()
    this.stream.destroy()
    const line = Buffer.from(this.line.stdout).toString('utf8').trim()
    if (line === 'ready') {
      this.state = 'handed-over'
      return new FilledContainer(this.container, this.spec, this.facts, this.keeper)
    }
    if (line.startsWith('failed')) throw new FilesRefused(line.slice('failed '.length) || 'tar was killed')
    throw new EngineFault('the container did not take its files')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Once it has its files it is the ready container's; after a failed put it is still this one's.
    if (this.state === 'disposed' || this.state === 'handed-over') return
    this.state = 'disposed'
    this.stream.destroy()
    this.keeper.discard(this.container)
  }
}

function packFiles(files: readonly ContainerFile[], spec: ContainerSpec): Buffer {
  const seen = new Set<string>()
  const folders = new Set<string>()
  for (const { path } of files) {
    const root = ROOTS[spec.role].find((candidate) => path.startsWith(`${candidate}/`))
    if (!root || !isPlainPath(path.slice(1)))
      throw new FilesRefused(`not a path for a ${spec.role}: ${JSON.stringify(path)}`)
    if (seen.has(path)) throw new FilesRefused(`twice the same path: ${JSON.stringify(path)}`)
    seen.add(path)
    for (let end = path.lastIndexOf('/'); end > root.length; end = path.lastIndexOf('/', end - 1)) {
      folders.add(path.slice(0, end))
    }
  }
  const both = files.find(({ path }) => folders.has(path))
  if (both) throw new FilesRefused(`a file and a folder: ${JSON.stringify(both.path)}`)
  return packTar(
    files.map(({ path, content, mode }) => ({
      path: path.slice(1),
      content,
      mode: mode ?? 0o644,
      uid: 1000,
    })),
  )
}

class FilledContainer implements ReadyContainer {
  readonly id: string
  private busy = false
  private ended = false
  private disposed = false
  /** After this a failed start is the learner's: their processes may have used the limits up. */
  private learnerRan = false

  constructor(
    private readonly container: Docker.Container,
    readonly spec: ContainerSpec,
    readonly facts: ContainerFacts,
    private readonly keeper: Keeper,
  ) {
    this.id = container.id
  }

  get isolation(): Isolation {
    return this.keeper.isolation
  }

  async usage(): Promise<ContainerUsage> {
    return usageOf(this.container)
  }

  async run(command: Command): Promise<RunOutcome> {
    const killsBefore = this.oomKills
    return this.alone(async () => {
      const blamable = this.learnerRan
      const result = await this.execute(command)
      this.learnerRan = this.spec.role === 'learner'
      return this.outcome(command, result, killsBefore, blamable)
    })
  }

  async collect(bounds: CollectBounds): Promise<CollectOutcome> {
    return this.alone(async () => {
      const outcome = await collect(bounds, {
        exec: (command) => this.execute(command),
        killAll: () => this.signal('SIGUSR1'),
      })
      if (outcome.kind === 'lost' && outcome.reason === 'died') {
        this.ended = true
        await diagnose(this.container, this.keeper)
      }
      return outcome
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.disposed) return
    this.disposed = true
    this.ended = true
    this.keeper.discard(this.container)
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.ended) throw new Error('the container has ended')
    if (this.busy) throw new Error('a container runs one command at a time')
    this.busy = true
    try {
      return await this.keeper.working(work)
    } finally {
      this.busy = false
    }
  }

  /**
   * A container that is killed from outside, or by its memory limit, loses its files and its runtime before the engine says so: a program
   * is then not found that was there. What did not start can be tried again, and the engine knows better by then.
   */
  private async execute(command: Command): Promise<ExecResult> {
    const { isolation } = this.keeper
    const first = await exec(this.container, command, isolation)
    if (first.end.kind !== 'ended' || first.end.started) return first
    const second = await exec(this.container, command, isolation)
    return (await isRunning(this.container)) ? second : { ...second, end: { kind: 'gone' } }
  }

  private async outcome(
    command: Command,
    { end, output, durationMs }: ExecResult,
    killsBefore: number,
    blamable: boolean,
  ): Promise<RunOutcome> {
    const rest = { stdout: output.stdout, stderr: output.stderr, durationMs }
    if (end.kind === 'timeout' && !end.started && !blamable)
      throw new EngineFault('a command was not started in time')
    if (end.kind === 'timeout' || end.kind === 'flood') {
      this.ended = true
      await this.signal('SIGKILL')
      return { kind: end.kind, ...rest }
    }
    if (end.kind === 'gone') return this.died(rest)

    const failure = startFailure(end, rest, command.argv[0] ?? '')
    if (failure) {
      const theirs = failure.cause === 'program' || (failure.cause === 'container' && blamable)
      if (theirs) return { kind: 'cannot-start', message: failure.message }
      throw new EngineFault(`a command could not be started: ${failure.message}`)
    }
    if (await this.endedToo(end.code, killsBefore)) return this.died(rest)
    return { kind: 'exited', code: end.code, oom: this.oomKills > killsBefore, ...rest }
  }

  /** Whether the container ended with a command of this exit code; its end, or the memory limit's event, may be on the way. */
  private async endedToo(code: number, killsBefore: number): Promise<boolean> {
    if (code === 137) {
      for (let waited = 0; waited < 100 && this.oomKills === killsBefore; waited += 20) await sleep(20)
    }
    const waitMs = RUNTIMES[this.keeper.isolation].codesOfLoss[code]
    if (waitMs === undefined) return false
    for (let waited = 0; ; waited += 50) {
      if (!(await isRunning(this.container))) return true
      if (waited >= waitMs) return false
      await sleep(50)
    }
  }

  private get oomKills(): number {
    return this.keeper.kills.oomKillsOf(this.id)
  }

  private async died(rest: {
    stdout: Uint8Array
    stderr: Uint8Array
    durationMs: number
  }): Promise<RunOutcome> {
    this.ended = true
    return { kind: 'died', oom: await diagnose(this.container, this.keeper), ...rest }
  }

  /** To the first process; a container that has ended already is no fault. */
  private async signal(signal: 'SIGKILL' | 'SIGUSR1'): Promise<void> {
    try {
      await call('kill', (abortSignal) => this.container.kill({ signal, abortSignal }))
    } catch (fault) {
      const status = statusOf(fault)
      if (status !== 404 && status !== 409) throw fault
    }
  }
}

async function isRunning(container: Docker.Container): Promise<boolean> {
  return (await call('inspect', (abortSignal) => container.inspect({ abortSignal }))).State.Running
}

/** How long the word of an exit or of a kill may take to reach the engine, in milliseconds. */
const WORD_MS = 1000

/**
 * Why a container ended that nobody here killed: true for its memory limit, false for its own doing. Where SIGKILL reaches the first
 * process from outside of the container alone it is the engine's or the host's doing without the memory limit; elsewhere when the
 * engine was told to kill, or may have been.
 *
 * @throws EngineFault when it was the engine or the host
 */
async function diagnose(container: Docker.Container, { kills, isolation }: Keeper): Promise<boolean> {
  let state: { Running: boolean; OOMKilled: boolean; ExitCode: number } | undefined
  for (let waited = 0; waited <= WORD_MS; waited += 50) {
    state = (await call('inspect', (abortSignal) => container.inspect({ abortSignal }))).State
    if (!state.Running && (state.OOMKilled || kills.oomKillsOf(container.id) > 0)) return true
    if (!state.Running && state.ExitCode !== 137 && state.ExitCode !== 255) return false
    await sleep(50)
  }
  if (state?.Running) throw new EngineFault('the engine lost a running command')
  if (RUNTIMES[isolation].firstProcessCanBeKilled && !kills.mayBeKilledThroughEngine(container.id))
    return false
  throw new EngineFault('the container was killed from outside')
}

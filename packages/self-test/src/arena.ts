/** Where attacks are carried out: strict containers of a real engine, all of them removed at the end of each attack. */
import type {
  Command,
  ContainerFile,
  ContainerLimits,
  ContainerRole,
  HostFacts,
  LabEngine,
  ReadyContainer,
  RunOutcome,
} from '@cooperage/sandbox'
import { gradeAttack, type AttackedLab, type Graded } from './attacked-lab.js'

export interface ArenaOptions {
  readonly engine: LabEngine
  /** Tag of the `shell` lab image. */
  readonly image: string
  readonly host: HostFacts
  /** Whose the containers are: a sweep leaves those of a living worker alone. */
  readonly owner: { readonly worker: string; readonly pod: string }
  /** Ends the attack that is under way. */
  readonly signal?: AbortSignal
}

interface PodOptions {
  readonly role?: ContainerRole
  readonly files?: readonly ContainerFile[]
  readonly limits?: Partial<ContainerLimits>
}

/** Small enough for the smallest host, large enough that an attack can unfold. */
const arenaLimits: ContainerLimits = { memoryMb: 128, cpus: 1, pids: 64, diskMb: 16 }

export class Arena implements AsyncDisposable {
  private readonly containers: ReadyContainer[] = []
  private readonly over = new AbortController()
  private closed = false

  constructor(private readonly options: ArenaOptions) {}

  get host(): HostFacts {
    return this.options.host
  }
  get engine(): LabEngine {
    return this.options.engine
  }
  get image(): string {
    return this.options.image
  }

  /** A container with these files in it, as a submission gets it. Throws EngineFault. */
  async container({ role = 'learner', files = [], limits = {} }: PodOptions = {}): Promise<ReadyContainer> {
    const { engine, image, owner } = this.options
    const started = await engine.start({ image, role, owner, limits: { ...arenaLimits, ...limits } })
    try {
      const ready = await started.put(files)
      this.containers.push(ready)
      // It came too late: whoever has closed the arena does not know of it.
      if (this.closed) await this[Symbol.asyncDispose]()
      return ready
    } catch (error) {
      await started[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Grades a submission as the worker does. Throws when it is stopped, or the arena closed, meanwhile. */
  async grade(lab: AttackedLab, stop?: AbortSignal): Promise<Graded> {
    const signal = stop ? AbortSignal.any([stop, this.over.signal]) : this.over.signal
    return gradeAttack({ ...this.options, signal }, lab)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.over.abort(new Error('the attack is over'))
    this.closed = true
    await Promise.all(this.containers.map((container) => container[Symbol.asyncDispose]()))
  }
}

const bounds = { timeoutMs: 10_000, maxBytes: 64 * 1024 }

/** A command of the attacker: a line for bash. */
export const shell = (line: string, overrides: Partial<Command> = {}): Command => ({
  ...bounds,
  argv: ['bash', '-c', line],
  ...overrides,
})

/** A program of the attacker, in Python: it has every system call at hand, without a compiler. */
export const python = (program: string, overrides: Partial<Command> = {}): Command => ({
  ...bounds,
  argv: ['python3', '-c', program],
  ...overrides,
})

/** What it printed, trimmed; throws when it did not end by itself. */
export function printed(outcome: RunOutcome): string {
  if (outcome.kind !== 'exited') throw new Error(`the attack did not run to its end: ${outcome.kind}`)
  return Buffer.from(outcome.stdout).toString('utf8').trim()
}

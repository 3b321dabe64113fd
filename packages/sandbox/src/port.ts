/**
 * The port: what grading and the worker may ask of a lab engine. It knows containers, not Docker.
 *
 * The types carry the life of a container: `engine.start()` gives a `StartedContainer`, which can only be given
 * its files; that gives a `ReadyContainer`, which can run commands and hand files back. A container serves once.
 *
 * Two kinds of failure: what the code inside a container did is a value (`RunOutcome`, `CollectOutcome`); what
 * the engine or the host did is thrown as `EngineFault`, is to be retried, and is never blamed on the learner.
 */

/** Which part of a pod a container is. Both have the strict profile; they differ in their folders. */
export type ContainerRole = 'learner' | 'grader'

/** Resource limits of one container; a lab's `environment.limits`. */
export interface ContainerLimits {
  /** Memory in MiB, swap included; everything on a tmpfs counts too. */
  readonly memoryMb: number
  /** CPUs, may be a fraction. */
  readonly cpus: number
  /** Processes and threads, the container's own first process included. */
  readonly pids: number
  /** Size of `/workspace` in MiB. */
  readonly diskMb: number
}

export interface ContainerSpec {
  /** Tag of an image that the engine has. */
  readonly image: string
  readonly role: ContainerRole
  readonly limits: ContainerLimits
  /** Written into the labels, by which a sweep finds what a dead worker left. */
  readonly owner: { readonly worker: string; readonly pod: string }
}

/** Whose a container is, as its labels say. */
export interface ContainerOwner {
  readonly worker: string
  readonly pod: string
  readonly kind: ContainerRole
}

/**
 * `shared-kernel`: the container's processes are the host's, as with runc. `gvisor`: they run on a kernel of their own, a process
 * of the host that is in the container's cgroup together with them; the profile's seccomp rules are not asked, that kernel is.
 */
export type Isolation = 'shared-kernel' | 'gvisor'

/** What a container really is, for whoever has to vouch for what ran in it. */
export interface ContainerFacts {
  /** The engine's own id of the image, `sha256:` and 64 hex digits. */
  readonly imageDigest: string
  /** Name of the profile, and the sha256 (hex) of all that it says, its seccomp rules included. */
  readonly profile: string
  readonly profileHash: string
  /** As in `runc` or `runsc`. */
  readonly runtime: string
  /** As applied: a lab that asks for more CPUs than the host has gets what there is. */
  readonly limits: ContainerLimits
}

/** What the engine says of its host, in plain values. */
export interface HostFacts {
  /** Derived from the engine's own id, stable over restarts: lower-case hex. */
  readonly id: string
  readonly name: string
  readonly engineVersion: string
  readonly kernel: string
  readonly architecture: string
  readonly cpus: number
  readonly memoryBytes: number
  readonly cgroupVersion: 1 | 2
  /** Whether root of a container is another user on the host. */
  readonly userNamespaces: 'remapped' | 'rootless' | 'none'
  readonly runtimes: readonly string[]
  /** Linux security modules that the engine uses, as in `apparmor`, `selinux`. */
  readonly securityModules: readonly string[]
  readonly storageDriver: string
  /** Whether a container's own layer can be bounded in size. */
  readonly storageQuota: boolean
  readonly swapLimit: boolean
  readonly pidsLimit: boolean
  readonly memoryLimit: boolean
}

/** What a container uses at this moment, as the engine sees it from outside. */
export interface ContainerUsage {
  /** Processes and threads. */
  readonly pids: number
  readonly memoryBytes: number
  /** CPU time since its start, in milliseconds. */
  readonly cpuMs: number
}

/** Disposing waits for the removals that are under way (`drained`) and closes the connection. */
export interface LabEngine extends AsyncDisposable {
  /** Resolves when the engine answers. Throws EngineFault. */
  ping(): Promise<void>
  /** Throws EngineFault. */
  host(): Promise<HostFacts>
  /** Resolves when the engine has the runtime that its containers are to have. Throws UnknownRuntime or another EngineFault. */
  expectRuntime(): Promise<void>
  /** Tags (`name:tag`) of the images that the engine has, each with its image's id. Throws EngineFault. */
  images(): Promise<Map<string, string>>
  /** One strict container, started and waiting for its files. Throws EngineFault and leaves nothing behind. */
  start(spec: ContainerSpec): Promise<StartedContainer>
  /**
   * Removes this installation's containers, networks and volumes that are older than `olderThanMs` and whose owner is not alive.
   * Resolves to how many were removed. Throws EngineFault.
   */
  sweep(isAlive: (owner: ContainerOwner) => boolean, olderThanMs: number): Promise<number>
  /** The same for everything of this installation, or of one of its workers: for a shutdown. Throws EngineFault. */
  removeAll(worker?: string): Promise<number>
  /** How many disposed containers the engine has not removed yet. */
  readonly removing: number
  /** Resolves when every disposed container is gone (or its removal was given up and left to a sweep). Never throws. */
  drained(): Promise<void>
}

/** A file to put into a container. */
export interface ContainerFile {
  /**
   * Absolute and plain (no `..`, `.`, empty or control-character segment), below a folder of the role:
   * learner `/workspace`; grader `/workspace`, `/checks`, `/exec`.
   */
  readonly path: string
  readonly content: Uint8Array
  /** Permission bits, default 0o644. The owner is always the learner's uid 1000. */
  readonly mode?: number
}

/**
 * A container that waits for its files. Disposing asks for its removal and does not wait for it; once `put` has
 * succeeded the container is the ready one's, and disposing this one does nothing.
 */
export interface StartedContainer extends AsyncDisposable {
  readonly id: string
  readonly spec: ContainerSpec
  readonly facts: ContainerFacts
  /** False once the engine lost it while it waited: then a pool throws it away. */
  readonly usable: boolean
  /** Looked at from outside. Throws EngineFault, also when the container has ended. */
  usage(): Promise<ContainerUsage>
  /**
   * Puts the files in and makes their folders; exactly once (a second call throws). Throws EngineFault, and
   * FilesRefused for paths or sizes that the container cannot take.
   */
  put(files: readonly ContainerFile[]): Promise<ReadyContainer>
}

export interface Command {
  /** Program and arguments; no shell. */
  readonly argv: readonly string[]
  readonly stdin?: Uint8Array
  /** Added to the container's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Default `/workspace`. */
  readonly cwd?: string
  /** Wall clock, in milliseconds; beyond it the container is killed. */
  readonly timeoutMs: number
  /** Bound on stdout and stderr together; beyond it the container is killed. */
  readonly maxBytes: number
}

interface Output {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly durationMs: number
}

/**
 * What became of a command. `timeout`, `flood` and `died` end the container: whatever else is to run needs a
 * fresh one (`endsContainer`).
 */
export type RunOutcome =
  /** `code` comes from the engine; `oom`: the memory limit killed a process of this container during the run. */
  | ({ readonly kind: 'exited'; readonly code: number; readonly oom: boolean } & Output)
  /** The time was up and the container was killed; the output so far. */
  | ({ readonly kind: 'timeout' } & Output)
  /** More output than `maxBytes`, and the container was killed; the output is cut to `maxBytes`. */
  | ({ readonly kind: 'flood' } & Output)
  /** The container ended under the command by its own doing, `oom` by its memory limit; the output so far. */
  | ({ readonly kind: 'died'; readonly oom: boolean } & Output)
  /** The program could not be started: not there, not executable, or the container's own limits are used up. */
  | { readonly kind: 'cannot-start'; readonly message: string }

export function endsContainer(outcome: RunOutcome): boolean {
  return outcome.kind === 'timeout' || outcome.kind === 'flood' || outcome.kind === 'died'
}

export interface CollectBounds {
  readonly maxFiles: number
  readonly maxFileBytes: number
  readonly maxTotalBytes: number
  /** Default 10,000. */
  readonly timeoutMs?: number
}

export type DropReason =
  | 'link'
  | 'special' // device, fifo, socket
  | 'sparse'
  | 'name' // too long, control characters, not UTF-8, leaves the folder
  | 'duplicate'
  | 'too-big'
  | 'too-many'

export interface DroppedEntry {
  /** Shortened and cleaned for display. */
  readonly path: string
  readonly why: DropReason
}

export type CollectOutcome =
  | {
      readonly kind: 'collected'
      /** Path below `/workspace`, with `/` between segments. Regular files only. */
      readonly files: Map<string, Uint8Array>
      /** Permission bits of each of them. */
      readonly modes: Map<string, number>
      /** The first hundred at most. */
      readonly dropped: readonly DroppedEntry[]
    }
  /** The container could not hand its files over (too slow, dead, its limits used up): the learner's fault. */
  | { readonly kind: 'lost'; readonly reason: 'timeout' | 'died' | 'exhausted' }

/** A container that has its files. Disposing asks for its removal and does not wait for it. */
export interface ReadyContainer extends AsyncDisposable {
  readonly id: string
  readonly spec: ContainerSpec
  readonly facts: ContainerFacts
  readonly isolation: Isolation
  /** Looked at from outside, also while a command runs. Throws EngineFault, also when the container has ended. */
  usage(): Promise<ContainerUsage>
  /** Runs one command as the learner (uid 1000). Throws EngineFault. One at a time. */
  run(command: Command): Promise<RunOutcome>
  /** Kills every process left in the container, then copies the regular files of `/workspace` out. Throws EngineFault. */
  collect(bounds: CollectBounds): Promise<CollectOutcome>
}

/** The engine's or the host's fault: unreachable, hung, restarted, a container lost. To be retried, never the learner's. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault'
}

/** The engine was never told of the runtime that its containers are to have; the message names those that it has. */
export class UnknownRuntime extends EngineFault {
  constructor(runtime: string, known: readonly string[]) {
    super(`the lab engine knows no runtime ${JSON.stringify(runtime)}; it has ${known.join(', ')}`)
  }
}

/** The files cannot be put into the container: a bad path, or more than its folders hold. Not to be retried. */
export class FilesRefused extends Error {
  override readonly name = 'FilesRefused'
}

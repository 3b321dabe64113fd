/**
 * What differs from one container runtime to the next: what it needs beyond a lab's limits, by what it keeps them, and what of the
 * rest is otherwise with it. All of it is here, as data, and the profile's hash covers what the profile makes of it.
 */
import type { ContainerLimits, Isolation } from './port.js'

interface Traits {
  /** The cgroup's limit on the host's threads: `base`, and so many for each process of the lab's limit. */
  readonly hostThreads: { readonly base: number; readonly perProcess: number }
  /** MiB that the runtime itself takes of the container's memory, added to the lab's limit. */
  readonly memoryMb: number
  /** RLIMIT_NPROC: a number, or the lab's limit on processes. */
  readonly nproc: number | 'pids'
  /** Whether it starts a program that may be run but not read, as the first process wants to be. */
  readonly startsUnreadable: boolean
  /** Whether a learner's `kill -9 1` ends the container. */
  readonly firstProcessCanBeKilled: boolean
  /**
   * Exit codes of a command that may be the whole container's end, and how long the engine may take to hear of that (ms). 137 is
   * SIGKILL, by whomever; 127 and 128 are the word of gVisor's client when its sandbox is gone.
   */
  readonly codesOfLoss: Readonly<Partial<Record<number, number>>>
  /** Whether the engine can list a container's processes by the pids that it gives to commands. */
  readonly listsProcesses: boolean
}

export const RUNTIMES: Readonly<Record<Isolation, Traits>> = {
  'shared-kernel': {
    hostThreads: { base: 0, perProcess: 1 },
    memoryMb: 0,
    // Counted per uid over all containers of the host, so it is no limit of a container: the cgroup's is.
    nproc: 4096,
    startsUnreadable: true,
    firstProcessCanBeKilled: false,
    codesOfLoss: { 137: 0 },
    listsProcesses: true,
  },
  gvisor: {
    // Its own threads: 45 when idle and up to 9 for each process (measured); when one too few is left the container ends.
    hostThreads: { base: 512, perProcess: 16 },
    // 15 when idle and 1 to 4 for each process (measured).
    memoryMb: 48,
    // Processes are counted inside, where the uid is this container's alone.
    nproc: 'pids',
    startsUnreadable: false,
    firstProcessCanBeKilled: true,
    codesOfLoss: { 127: 0, 128: 1000, 137: 0 },
    listsProcesses: false,
  },
}

/** Of a runtime's name and program, as the engine knows them: gVisor's program is called `runsc`, whatever the name. */
export function isolationOf(runtime: string, program?: string): Isolation {
  const names = [runtime, program?.slice(program.lastIndexOf('/') + 1)]
  return names.some((name) => name !== undefined && /^runsc\b/.test(name)) ? 'gvisor' : 'shared-kernel'
}

/** What the engine is to enforce so that the lab has its limits under the runtime. Memory in MiB. */
export function enforcedLimits(limits: ContainerLimits, isolation: Isolation) {
  const { hostThreads, memoryMb, nproc } = RUNTIMES[isolation]
  return {
    memoryMb: limits.memoryMb + memoryMb,
    pids: hostThreads.base + hostThreads.perProcess * limits.pids,
    nproc: nproc === 'pids' ? limits.pids : nproc,
  }
}

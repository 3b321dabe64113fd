/**
 * One attack on the sandbox, as data: what is tried, what is there to stop it, and how it is carried out. The worker runs the quick
 * ones at its start, `cooperage doctor` and an admin all of them, and `npm run test:attacks` all of them and each once more with its
 * fence taken away, to see that it would be noticed.
 */
import type { Arena } from './arena.js'

export interface Attack {
  /** Stable: the name by which an admin accepts the risk. Lower case, digits, hyphens. */
  readonly id: string
  /** For people: what is tried, as in `Fork bomb`. */
  readonly tried: string
  /** For people: the fence that stops it, as in `pids limit`. */
  readonly stoppedBy: string
  /**
   * Everything that stands before it, any one of which is enough: a test takes all of it away and sees the attack get through.
   * Empty when it is the product's own code that stops it.
   */
  readonly fences: readonly Fence[]
  /** Labs are off while it has not held. */
  readonly matters: boolean
  /** Part of the test at a worker's start: takes well under a second, and disturbs nobody. */
  readonly quick: boolean
  /** It measures, is short of time, or keeps the host busy: no other attack runs beside it. */
  readonly alone?: boolean
  /**
   * Carries it out against containers of the arena, which removes them. Aims at decoys of its own only; at what belongs to the host
   * an attempt to open is enough. Throws when it could not be carried out, which proves nothing.
   */
  run(arena: Arena): Promise<Finding>
}

/** A fence of the strict profile, or of the engine (`user-namespaces`), by the name under which a test can take it away. */
export type Fence =
  | 'user-namespaces'
  | 'user'
  | 'capabilities'
  | 'no-new-privileges'
  | 'seccomp'
  | 'network'
  | 'ipc-namespace'
  | 'cgroup-namespace'
  | 'read-only-root'
  | 'masked-paths'
  | 'read-only-paths'
  | 'tmpfs-options'
  | 'memory-limit'
  | 'pids-limit'
  | 'cpu-limit'
  | 'ulimits'

export interface Finding {
  readonly held: boolean
  /** What happened, seen from outside where that is possible: a short sentence, at most 500 characters. */
  readonly happened: string
  /** False where labs may run without after all, for the reason that `happened` gives. */
  readonly matters?: false
}

export const held = (happened: string): Finding => ({ held: true, happened })
export const broken = (happened: string): Finding => ({ held: false, happened })

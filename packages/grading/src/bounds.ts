/** How much a grading takes from a container. The lab's own limits bound what runs inside. */
import type { CollectBounds, ContainerLimits } from '@cooperage/sandbox'

const MiB = 1024 * 1024

/** stdout and stderr of one check together. */
export const checkOutputBytes = MiB
/** Of all exec checks of a submission together; it must fit into the grader's `/exec`. */
export const submissionOutputBytes = 8 * MiB
/** Of a script check that names no time of its own. */
export const scriptTimeoutMs = 30_000

export const collectBounds = (limits: ContainerLimits): CollectBounds => ({
  maxFiles: 2000,
  maxFileBytes: 8 * MiB,
  maxTotalBytes: Math.min(limits.diskMb, 32) * MiB,
  timeoutMs: 10_000,
})

/** A grader holds the checks and the copy beside what its scripts need, however tight the lab is for its learner. */
export const graderLimits = (limits: ContainerLimits): ContainerLimits => ({
  memoryMb: Math.max(limits.memoryMb, 256),
  cpus: Math.max(limits.cpus, 1),
  pids: Math.max(limits.pids, 128),
  diskMb: Math.max(limits.diskMb, 64),
})

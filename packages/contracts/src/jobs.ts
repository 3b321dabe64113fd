/**
 * What API and worker say to each other: the job, its progress, its result, a lab's bundle, a worker's heartbeat.
 * Both ends parse with these schemas; sizes are bounded here because a result carries bytes that came out of a container.
 */
import { z } from 'zod'
import { LabFile, LabLimits, RelativePath } from './course-format.js'
import { CheckStatus, Stage } from './submissions.js'
import { SandboxFacts } from './lab-hosts.js'
import { Id, Instant, Sha256, Slug } from './primitives.js'

export const queuePrefix = 'cooperage'
export const queues = { gradings: 'gradings', results: 'results' } as const
/** Redis hash of worker id → WorkerHeartbeat as JSON; an entry older than `workerStaleMs` is a dead worker. */
export const workersKey = 'cooperage:workers'
export const workerHeartbeatMs = 2_000
export const workerStaleMs = 10_000

/** BullMQ refuses ':' in a job id. */
export const gradingJobId = (submission: string, grading: string) => `${submission}-${grading}`

const BundleFile = z.strictObject({ path: RelativePath, base64: z.base64() })
/** A lab as a worker needs it: spec, starter and checks; never the solution. */
export const LabBundle = z.strictObject({
  revision: Sha256,
  course: Slug,
  lab: Slug,
  /** Reference of the lab image on the lab hosts. */
  imageTag: z.string().min(1).max(300),
  spec: LabFile,
  /** Paths relative to the lab's `starter/`. */
  starter: z.array(BundleFile),
  /** Paths relative to the lab's folder, as `script:` names them: `checks/builds.sh`. */
  checks: z.array(BundleFile),
})
export type LabBundle = z.infer<typeof LabBundle>

/** What the labs need that learners may submit to now, so that hosts have it ready; what most labs need first. */
export const OpenLabs = z.strictObject({
  kinds: z
    .array(
      z.strictObject({
        imageTag: z.string().min(1).max(300),
        limits: LabLimits,
        /** Whether these labs have such checks: a learner's container is for the first, a grader's for the second. */
        exec: z.boolean(),
        script: z.boolean(),
        /** How many labs need it. */
        labs: z.number().int().min(1),
      }),
    )
    .max(500),
})
export type OpenLabs = z.infer<typeof OpenLabs>

export const GradingJob = z.strictObject({
  submission: Id,
  grading: Id,
  /** Proves that a result belongs to this grading; the API keeps its hash. */
  secret: z.string().min(32).max(128),
  labRevision: Sha256,
  files: z.array(BundleFile),
})
export type GradingJob = z.infer<typeof GradingJob>

export const messageBytes = 4096
/** One check as the worker saw it. Points are only a claim for partial credit: the API computes what counts. */
export const CheckReport = z.strictObject({
  id: Slug,
  status: CheckStatus,
  /** `points=N` of a script that passed in part, or null. */
  partialPoints: z.number().min(0).max(100).nullable(),
  message: z.string().max(messageBytes).nullable(),
  staffNote: z.string().max(messageBytes).nullable(),
  durationMs: z.number().min(0).max(3_600_000),
})
export type CheckReport = z.infer<typeof CheckReport>

/** Progress is the whole state so far, so that a lost or repeated message does no harm. */
export const GradingProgress = z.strictObject({
  grading: Id,
  secret: z.string().min(32).max(128),
  stage: Stage,
  at: Instant,
  checks: z.array(CheckReport).max(100),
})
export type GradingProgress = z.infer<typeof GradingProgress>

const resultBase = {
  submission: Id,
  grading: Id,
  secret: z.string().min(32).max(128),
  worker: z.string().min(1).max(100),
}
export const ResultMessage = z.discriminatedUnion('kind', [
  z.strictObject({ ...resultBase, kind: z.literal('started'), at: Instant }),
  z.strictObject({
    ...resultBase,
    kind: z.literal('graded'),
    checks: z.array(CheckReport).max(100),
    preparingMs: z.number().min(0).max(3_600_000),
    gradingMs: z.number().min(0).max(3_600_000),
    sandbox: SandboxFacts,
  }),
  /** Infrastructure failed, again and again: costs the learner nothing. */
  z.strictObject({
    ...resultBase,
    kind: z.literal('fault'),
    reason: z.string().max(1000),
    /** Checks that had finished, with the faulty one as `error`, for staff. */
    checks: z.array(CheckReport).max(100),
  }),
])
export type ResultMessage = z.infer<typeof ResultMessage>

export const WorkerHeartbeat = z.strictObject({
  worker: z.string().min(1).max(100),
  at: Instant,
  /** Gradings it can run at once. */
  slots: z.number().int().min(0).max(1000),
  busy: z.number().int().min(0).max(1000),
  /** Image tags that its engine has. */
  images: z.array(z.string().max(300)).max(500),
  /** The lab host that its engine is; null until it knows. */
  host: Slug.nullable(),
  /** Null when it takes jobs; else why not. */
  off: z
    .strictObject({
      /**
       * `engine`: it does not answer. `testing`: the sandbox is not tested yet, which takes seconds. `self-test`: the sandbox has not
       * held, and it stays so until an admin does something about it.
       */
      cause: z.enum(['engine', 'testing', 'self-test']),
      reason: z.string().max(500),
    })
    .nullable(),
})
export type WorkerHeartbeat = z.infer<typeof WorkerHeartbeat>

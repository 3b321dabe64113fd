import { z } from 'zod'
import { route } from './route.js'
import { WireFile } from './courses.js'
import { Id, Instant, Slug, pageOf } from './primitives.js'

/** Limits on what one submission may hold; named in the problem when exceeded. Sizes are of decoded bytes. */
export const submissionLimits = {
  maxFiles: 200,
  maxFileBytes: 1 << 20,
  maxTotalBytes: 4 << 20,
  /** Of the request, which may hold base64. */
  maxBodyBytes: 8 << 20,
} as const

/** Paths, globs, encodings and sizes are judged by the domain, so that each has its own reason. */
export const SubmitBody = z.strictObject({ files: z.array(WireFile) })

export const GradingState = z.enum(['queued', 'running', 'graded', 'error', 'cancelled'])
export type GradingState = z.infer<typeof GradingState>
export const CheckStatus = z.enum(['passed', 'failed', 'skipped', 'error'])
export type CheckStatus = z.infer<typeof CheckStatus>

export const SubmissionAccepted = z.object({ id: Id, status: GradingState })

/** As a learner sees it: of a hidden check neither message, hint nor duration. */
export const CheckResult = z.object({
  id: Slug,
  title: z.string(),
  status: CheckStatus,
  points: z.number(),
  maxPoints: z.number(),
  message: z.string().optional(),
  hint: z.string().optional(),
  durationMs: z.number().optional(),
  /** Staff only: what the script wrote to stderr. */
  staffNote: z.string().optional(),
})
export type CheckResult = z.infer<typeof CheckResult>

export const Timings = z.object({
  queuedMs: z.number().nullable(),
  preparingMs: z.number().nullable(),
  gradingMs: z.number().nullable(),
})
export const Submission = z.object({
  id: Id,
  cohort: Id,
  lab: Slug,
  learner: z.object({ id: Id, name: z.string() }),
  submittedAt: Instant,
  status: GradingState,
  /** Null until graded. */
  score: z.number().nullable(),
  maxScore: z.number(),
  checks: z.array(CheckResult),
  timings: Timings,
  /** 1 is next; absent when not queued. */
  queuePosition: z.number().int().optional(),
  /** About how many seconds until it starts, by what the last gradings took; absent when not queued or not known. */
  startsInSeconds: z.number().int().min(0).optional(),
  /** 1 for the first submission of this learner to this lab. */
  attempt: z.number().int(),
  late: z.boolean(),
  /** With `error`: what happened, and that it cost no attempt. */
  notice: z.string().optional(),
})
export type Submission = z.infer<typeof Submission>
export const SubmissionSummary = Submission.pick({
  id: true,
  learner: true,
  submittedAt: true,
  status: true,
  score: true,
  maxScore: true,
  attempt: true,
  late: true,
})
export type SubmissionSummary = z.infer<typeof SubmissionSummary>
export const SubmissionFiles = z.object({ files: z.array(WireFile) })

/** Server-sent events of `GET /submissions/:id/events`, by event name. */
export const Stage = z.enum(['queued', 'preparing', 'exec', 'script', 'finishing', 'retrying'])
export type Stage = z.infer<typeof Stage>
export const submissionEvents = {
  snapshot: Submission,
  stage: z.object({
    stage: Stage,
    at: Instant,
    queuePosition: z.number().int().optional(),
    startsInSeconds: z.number().int().min(0).optional(),
  }),
  check: CheckResult,
  verdict: Submission,
} as const
export type SubmissionEvent = {
  [K in keyof typeof submissionEvents]: { event: K; data: z.infer<(typeof submissionEvents)[K]> }
}[keyof typeof submissionEvents]

export const SubmissionsQuery = z.strictObject({
  learner: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

/** Routes of this part of the contract. */
export const submissionsRoutes = {
  submit: route({
    method: 'POST',
    path: '/cohorts/:cohort/labs/:lab/submissions',
    who: 'cohort-submitter',
    status: 202,
    summary: 'Submit files for grading',
    body: SubmitBody,
    response: SubmissionAccepted,
  }),
  listSubmissions: route({
    method: 'GET',
    path: '/cohorts/:cohort/labs/:lab/submissions',
    who: 'cohort-member',
    status: 200,
    summary: 'Attempts, newest first; learners see their own',
    query: SubmissionsQuery,
    response: pageOf(SubmissionSummary),
  }),
  getSubmission: route({
    method: 'GET',
    path: '/submissions/:submission',
    who: 'submission-reader',
    status: 200,
    summary: 'A submission with its verdict',
    response: Submission,
  }),
  getSubmissionFiles: route({
    method: 'GET',
    path: '/submissions/:submission/files',
    who: 'submission-reader',
    status: 200,
    summary: 'The files as submitted',
    response: SubmissionFiles,
  }),
  submissionEvents: route({
    method: 'GET',
    path: '/submissions/:submission/events',
    who: 'submission-reader',
    status: 200,
    summary: 'Live progress: snapshot, stage, check, verdict',
    produces: 'text/event-stream',
  }),
  regrade: route({
    method: 'POST',
    path: '/submissions/:submission/regrade',
    who: 'submission-staff',
    status: 202,
    summary: 'Grade a stored submission again',
    response: SubmissionAccepted,
  }),
}

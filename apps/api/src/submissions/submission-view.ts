/** What of a stored submission whom may see. Pure, so that the rule "a learner learns nothing of a hidden check" is tested by itself. */
import type {
  CheckReport,
  CheckResult,
  CheckSpec,
  CheckStatus,
  GradingState,
  Submission,
} from '@cooperage/contracts'
import { maxScoreOf, scoreChecks } from '@cooperage/domain'
import type { QueuePlace } from './queue-places.js'

/** `staff` of the submission's cohort and admins see all; everyone else sees what a learner sees. */
export type Audience = 'learner' | 'staff'

/** What the view needs to know of a check of the lab. */
export type CheckDefinition = Pick<CheckSpec, 'id' | 'title' | 'points' | 'visibility' | 'hint'>

/** A check of a grading, finished, with the points that the API computed. */
export interface FinishedCheck {
  id: string
  status: CheckStatus
  points: number
  message: string | null
  staffNote: string | null
  durationMs: number
}

/** A submission with the grading that stands for it: the one under way, else the one that counts, else the last. */
export interface StoredSubmission {
  id: string
  cohort: string
  lab: string
  learner: { id: string; name: string }
  submittedAt: Date
  attempt: number
  late: boolean
  definitions: readonly CheckDefinition[]
  grading: {
    id: string
    state: GradingState
    secretHash: string
    score: number | null
    /** Times in milliseconds. */
    queuedMs: number | null
    preparingMs: number | null
    gradingMs: number | null
    /** With `error`: for the learner, and the reason for staff. */
    notice: string | null
    staffNote: string | null
    checks: readonly FinishedCheck[]
  }
}

export function checkView(
  definition: CheckDefinition,
  check: FinishedCheck,
  audience: Audience,
): CheckResult {
  const seen: CheckResult = {
    id: definition.id,
    title: definition.title,
    status: check.status,
    points: check.points,
    maxPoints: definition.points,
  }
  if (audience === 'learner' && definition.visibility === 'hidden') return seen
  if (check.message !== null) seen.message = check.message
  if (check.status === 'failed' && definition.visibility === 'open' && definition.hint !== undefined)
    seen.hint = definition.hint
  seen.durationMs = check.durationMs
  if (audience === 'staff' && check.staffNote !== null) seen.staffNote = check.staffNote
  return seen
}

/** In the lab's order; checks that the lab does not have (any more) are left out. */
export function checksView(
  definitions: readonly CheckDefinition[],
  checks: readonly FinishedCheck[],
  audience: Audience,
): CheckResult[] {
  const byId = new Map(checks.map((check) => [check.id, check]))
  return definitions.flatMap((definition) => {
    const check = byId.get(definition.id)
    return check ? [checkView(definition, check, audience)] : []
  })
}

/** A place as events and submissions say it. */
export const placeView = (place: QueuePlace | null): Pick<Submission, 'queuePosition' | 'startsInSeconds'> =>
  place === null
    ? {}
    : {
        queuePosition: place.position,
        ...(place.startsInSeconds === null ? {} : { startsInSeconds: place.startsInSeconds }),
      }

/** `place`: null when not queued. */
export function submissionView(
  stored: StoredSubmission,
  audience: Audience,
  place: QueuePlace | null,
): Submission {
  const { grading } = stored
  return {
    id: stored.id,
    cohort: stored.cohort,
    lab: stored.lab,
    learner: stored.learner,
    submittedAt: stored.submittedAt.toISOString(),
    status: grading.state,
    score: grading.state === 'graded' ? grading.score : null,
    maxScore: maxScoreOf(stored.definitions),
    checks: checksView(stored.definitions, grading.checks, audience),
    timings: {
      queuedMs: grading.queuedMs,
      preparingMs: grading.preparingMs,
      gradingMs: grading.gradingMs,
    },
    ...(grading.state === 'queued' ? placeView(place) : {}),
    attempt: stored.attempt,
    late: stored.late,
    ...(grading.state === 'error' ? { notice: noticeView(grading, audience) } : {}),
  }
}

function noticeView(grading: StoredSubmission['grading'], audience: Audience): string {
  const notice = grading.notice ?? 'The grading failed. This cost no attempt.'
  return audience === 'staff' && grading.staffNote !== null
    ? `${notice} Reason: ${grading.staffNote}`
    : notice
}

/**
 * A worker's reports as finished checks, with points by the lab's definition. Null when a report names a check that the lab does
 * not have, or one check twice: such a report is not the lab's.
 */
export function finishedChecks(
  definitions: readonly CheckDefinition[],
  reports: readonly CheckReport[],
): FinishedCheck[] | null {
  const known = new Set(definitions.map((definition) => definition.id))
  const ids = new Set(reports.map((report) => report.id))
  if (ids.size !== reports.length || reports.some((report) => !known.has(report.id))) return null
  const points = new Map(scoreChecks(definitions, reports).checks.map((check) => [check.id, check.points]))
  return reports.map((report) => ({
    id: report.id,
    status: report.status,
    points: points.get(report.id) ?? 0,
    message: report.message,
    staffNote: report.staffNote,
    durationMs: report.durationMs,
  }))
}

import type { GradingState, Schedule } from '@cooperage/contracts'
import { effectiveDates, isLate, scoreAfterPolicy, type Dates } from '@cooperage/domain'
import type { Sql } from '../data/index.js'

/** One learner's work on one lab in one cohort. */
export interface LearnerLab {
  cohort: string
  learner: string
  lab: string
}

/** The dates that hold for this learner, extension included. */
export async function datesOf(sql: Sql, of: LearnerLab): Promise<Dates> {
  const rows = await sql.query<{ schedule: Schedule | null; extended_to: Date | null }>(
    `SELECT (SELECT schedule FROM lab_schedule WHERE cohort_id = $1 AND lab = $2) AS schedule,
            (SELECT due_at FROM extension WHERE cohort_id = $1 AND lab = $2 AND user_id = $3) AS extended_to`,
    [of.cohort, of.lab, of.learner],
  )
  return effectiveDates(rows[0]?.schedule ?? null, rows[0]?.extended_to ?? null)
}

/**
 * Holds the row of this learner's progress until the transaction ends, making it if need be: whoever counts attempts or recounts
 * scores does it alone.
 */
export async function holdProgress(sql: Sql, of: LearnerLab, maxScore: number): Promise<void> {
  await sql.query(
    `INSERT INTO lab_progress (cohort_id, user_id, lab, max_score) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [of.cohort, of.learner, of.lab, maxScore],
  )
  await sql.query(
    `SELECT 1 FROM lab_progress WHERE cohort_id = $1 AND user_id = $2 AND lab = $3 FOR UPDATE`,
    [of.cohort, of.learner, of.lab],
  )
}

/** Submissions so far, and those of them that cost an attempt: with a grading that is under way or graded. */
export async function countAttempts(sql: Sql, of: LearnerLab): Promise<{ made: number; cost: number }> {
  const rows = await sql.query<{ made: number; cost: number }>(
    `SELECT coalesce(max(s.attempt), 0)::int AS made,
            count(*) FILTER (WHERE EXISTS (
              SELECT 1 FROM grading g WHERE g.submission_id = s.id AND g.state NOT IN ('error', 'cancelled')
            ))::int AS cost
       FROM submission s WHERE s.cohort_id = $1 AND s.learner_id = $2 AND s.lab = $3`,
    [of.cohort, of.learner, of.lab],
  )
  return rows[0] ?? { made: 0, cost: 0 }
}

/**
 * Counts this learner's lab anew from the gradings that count, by the dates as they are now. Within a transaction that holds the
 * row (`holdProgress`). For whoever changes a verdict, a schedule or an extension.
 */
export async function recountProgress(sql: Sql, of: LearnerLab): Promise<void> {
  const dates = await datesOf(sql, of)
  const attempts = await countAttempts(sql, of)
  const rows = await sql.query<{
    id: string
    submitted_at: Date
    late: boolean
    state: GradingState
    score: number | null
    max_score: number
  }>(
    `SELECT s.id, s.submitted_at, s.late, g.state, g.score, g.max_score
       FROM submission s JOIN grading g ON g.id = s.counted_grading_id
      WHERE s.cohort_id = $1 AND s.learner_id = $2 AND s.lab = $3 ORDER BY s.attempt`,
    [of.cohort, of.learner, of.lab],
  )
  const graded = rows.filter((row) => row.state === 'graded')
  const scores = graded.map((row) => scoreAfterPolicy(dates, row.submitted_at, row.score ?? 0))
  const last = rows.at(-1)
  await sql.query(
    `UPDATE lab_progress SET attempts = $4, best_score = $5, done = $6, max_score = coalesce($7, max_score), last_at = $8
      WHERE cohort_id = $1 AND user_id = $2 AND lab = $3`,
    [
      of.cohort,
      of.learner,
      of.lab,
      attempts.cost,
      scores.length > 0 ? Math.max(...scores) : null,
      graded.some((row) => (row.score ?? 0) >= row.max_score),
      last?.max_score ?? null,
      last?.submitted_at ?? null,
    ],
  )
  const changed = rows.filter((row) => row.late !== isLate(dates, row.submitted_at)).map((row) => row.id)
  if (changed.length > 0)
    await sql.query(`UPDATE submission SET late = NOT late WHERE id = ANY($1)`, [changed])
}

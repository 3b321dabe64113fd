import { Injectable } from '@nestjs/common'
import type { CheckStatus, GradingState } from '@cooperage/contracts'
import { Database, type StoredFile } from '../data/index.js'
import { LabChecks } from './lab-checks.js'
import type { StoredSubmission } from './submission-view.js'

interface Row {
  id: string
  cohort_id: string
  lab: string
  lab_revision: string
  submitted_at: Date
  attempt: number
  late: boolean
  learner_id: string
  learner_name: string
  grading_id: string
  state: GradingState
  secret_hash: string
  score: number | null
  queued_ms: number | null
  preparing_ms: number | null
  grading_ms: number | null
  notice: string | null
  staff_note: string | null
  checks: {
    id: string
    status: CheckStatus
    points: number
    message: string | null
    staffNote: string | null
    durationMs: number
  }[]
}

export interface SubmissionRow {
  id: string
  learner_id: string
  learner_name: string
  submitted_at: Date
  state: GradingState
  score: number | null
  max_score: number
  attempt: number
  late: boolean
}

/** The grading that stands for a submission `s`: the one under way, else the one whose verdict counts. */
const standing = `
  JOIN LATERAL (
    SELECT * FROM grading WHERE submission_id = s.id
     ORDER BY (state IN ('queued', 'running')) DESC, (id = s.counted_grading_id) DESC, id DESC LIMIT 1
  ) g ON true`

@Injectable()
export class SubmissionReader {
  constructor(
    private readonly db: Database,
    private readonly labs: LabChecks,
  ) {}

  async find(id: string): Promise<StoredSubmission | null> {
    const row = await this.db.one<Row>(
      `SELECT s.id, s.cohort_id, s.lab, s.lab_revision, s.submitted_at, s.attempt, s.late, s.learner_id, u.name AS learner_name,
              g.id AS grading_id, g.state, g.secret_hash, g.score, g.preparing_ms, g.grading_ms, g.notice, g.staff_note,
              round(extract(epoch FROM g.started_at - g.queued_at) * 1000)::int AS queued_ms,
              (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.check_id, 'status', c.status, 'points', c.points,
                        'message', c.message, 'staffNote', c.staff_note, 'durationMs', c.duration_ms) ORDER BY c.position), '[]')
                 FROM check_result c WHERE c.grading_id = g.id) AS checks
         FROM submission s JOIN "user" u ON u.id = s.learner_id ${standing}
        WHERE s.id = $1`,
      [id],
    )
    if (!row) return null
    return {
      id: row.id,
      cohort: row.cohort_id,
      lab: row.lab,
      learner: { id: row.learner_id, name: row.learner_name },
      submittedAt: row.submitted_at,
      attempt: row.attempt,
      late: row.late,
      definitions: await this.labs.of(row.lab_revision),
      grading: {
        id: row.grading_id,
        state: row.state,
        secretHash: row.secret_hash,
        score: row.score,
        queuedMs: row.queued_ms,
        preparingMs: row.preparing_ms,
        gradingMs: row.grading_ms,
        notice: row.notice,
        staffNote: row.staff_note,
        checks: row.checks,
      },
    }
  }

  async states(submissions: readonly string[]): Promise<Map<string, GradingState>> {
    const rows = await this.db.query<{ id: string; state: GradingState }>(
      `SELECT s.id, g.state FROM submission s ${standing} WHERE s.id = ANY($1)`,
      [submissions],
    )
    return new Map(rows.map((row) => [row.id, row.state]))
  }

  /** Newest first. `before`: id of the last one of the page before. */
  list(of: {
    cohort: string
    lab: string
    learner: string | null
    before: string | null
    limit: number
  }): Promise<SubmissionRow[]> {
    return this.db.query<SubmissionRow>(
      `SELECT s.id, s.learner_id, u.name AS learner_name, s.submitted_at, g.state, g.score, g.max_score, s.attempt, s.late
         FROM submission s JOIN "user" u ON u.id = s.learner_id ${standing}
        WHERE s.cohort_id = $1 AND s.lab = $2 AND ($3::uuid IS NULL OR s.learner_id = $3) AND ($4::uuid IS NULL OR s.id < $4)
        ORDER BY s.id DESC LIMIT $5`,
      [of.cohort, of.lab, of.learner, of.before, of.limit],
    )
  }

  async files(submission: string): Promise<StoredFile[]> {
    const row = await this.db.one<{ files: StoredFile[] }>(`SELECT files FROM submission WHERE id = $1`, [
      submission,
    ])
    return row?.files ?? []
  }
}

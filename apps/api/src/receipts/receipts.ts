import { Inject, Injectable } from '@nestjs/common'
import type { GradingState, ReceiptClaims, SandboxFacts } from '@cooperage/contracts'
import type { FastifyReply } from 'fastify'
import { Database } from '../data/index.js'
import { CONFIGURATION, Problem, type Configuration } from '../platform/index.js'
import { SigningKeys } from './signing-keys.js'

interface Row {
  cohort_id: string
  course_id: string
  lab: string
  lab_revision: string
  mode: 'files' | 'live'
  learner_id: string
  attempt: number
  late: boolean
  files_hash: string
  submitted_at: Date
  grading_id: string
  state: GradingState
  score: number
  max_score: number
  sandbox: SandboxFacts | null
  finished_at: Date
  checks: ReceiptClaims['checks']
}

/** A row whose verdict counts, with what is known of where it came about. */
type Graded = Row & { sandbox: SandboxFacts }

/** Receipts of what is stored, signed each time that somebody asks: nothing of them is kept. */
@Injectable()
export class Receipts {
  constructor(
    private readonly db: Database,
    private readonly keys: SigningKeys,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** The compact JWS, to be saved under a name that says what it is. */
  async send(submission: string, reply: FastifyReply): Promise<string> {
    const row = await this.#graded(submission)
    const receipt = await this.keys.sign(this.#claims(submission, row))
    void reply.header('content-disposition', `attachment; filename="receipt-${row.lab}-${row.attempt}.jws"`)
    return receipt
  }

  /** Of the grading that counts: while a regrade is under way, or has failed, the one before. */
  async #graded(submission: string): Promise<Graded> {
    const row = await this.db.one<Row>(
      `SELECT s.cohort_id, c.course_id, s.lab, s.lab_revision, r.bundle -> 'spec' ->> 'mode' AS mode, s.learner_id, s.attempt, s.late,
              s.files_hash, s.submitted_at, g.id AS grading_id, g.state, g.score, g.max_score, g.sandbox, g.finished_at,
              (SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.check_id, 'title', d ->> 'title', 'status', k.status,
                        'points', k.points, 'maxPoints', k.max_points) ORDER BY k.position), '[]')
                 FROM check_result k
                 JOIN jsonb_array_elements(r.bundle -> 'spec' -> 'checks') d ON d ->> 'id' = k.check_id
                WHERE k.grading_id = g.id) AS checks
         FROM submission s
         JOIN cohort c ON c.id = s.cohort_id
         JOIN lab_revision r ON r.revision = s.lab_revision
         JOIN grading g ON g.id = s.counted_grading_id
        WHERE s.id = $1`,
      [submission],
    )
    if (!row) throw new Problem('not_found')
    if (row.state !== 'graded') throw new Problem('not_graded', { detail: whyNoVerdict(row.state) })
    const { sandbox } = row
    if (sandbox === null)
      throw new Problem('conflict', {
        detail:
          'It was graded before there were receipts, so what it ran in is not known. A regrade by staff gives it one.',
      })
    return { ...row, sandbox }
  }

  #claims(submission: string, row: Graded): ReceiptClaims {
    return {
      iss: this.configuration.PUBLIC_URL,
      iat: Math.floor(Date.now() / 1000),
      jti: row.grading_id,
      learner: row.learner_id,
      cohort: row.cohort_id,
      course: row.course_id,
      lab: row.lab,
      submission,
      grading: row.grading_id,
      attempt: row.attempt,
      late: row.late,
      submissionHash: row.files_hash,
      labRevision: row.lab_revision,
      sandbox: row.sandbox,
      checks: row.checks,
      score: row.score,
      maxScore: row.max_score,
      assurance: row.mode === 'live' ? 'live' : 'replayed',
      submittedAt: row.submitted_at.toISOString(),
      gradedAt: row.finished_at.toISOString(),
    }
  }
}

function whyNoVerdict(state: Exclude<GradingState, 'graded'>): string {
  switch (state) {
    case 'queued':
    case 'running':
      return 'It is being graded. A receipt is there with its verdict.'
    case 'error':
      return 'Its grading failed, so it has no verdict and no receipt. This cost no attempt.'
    case 'cancelled':
      return 'Its grading was cancelled, so it has no verdict and no receipt.'
  }
}

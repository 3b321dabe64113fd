import { Injectable } from '@nestjs/common'
import type { CheckReport, GradingState, ResultMessage, SandboxFacts } from '@cooperage/contracts'
import { maxScoreOf, nextGradingState, statesThatAccept, type GradingEvent } from '@cooperage/domain'
import { Database, type Transaction } from '../data/index.js'
import { secretMatches } from './grading-secret.js'
import { LabChecks } from './lab-checks.js'
import { holdProgress, recountProgress } from './lab-progress.js'
import { finishedChecks, type CheckDefinition, type FinishedCheck } from './submission-view.js'

/** What became of a message: stored, or left alone and why (for the log; holds no secret). */
export type Outcome = { applied: true; submission: string } | { applied: false; why: string }

interface GradingRow {
  id: string
  submission_id: string
  state: GradingState
  secret_hash: string
  lab_revision: string
  cohort_id: string
  learner_id: string
  lab: string
}

const notices = {
  fault:
    'Something failed on our side while your submission was graded. This cost you no attempt; your instructors see the reason.',
  check:
    'A check of this lab could not be carried out. This is not your fault and cost you no attempt; your instructors see the reason.',
}

const ignored = (why: string): Outcome => ({ applied: false, why })

/**
 * Turns what a worker says into what is stored. One transaction each; the state machine decides what still has an effect, and a
 * conditional UPDATE lets it decide once, so that a forged, repeated or late message changes nothing.
 */
@Injectable()
export class Verdicts {
  constructor(
    private readonly db: Database,
    private readonly labs: LabChecks,
  ) {}

  /** Throws only when the database fails: then the message must be brought again. */
  async apply(message: ResultMessage): Promise<Outcome> {
    const row = await this.#find(message.grading)
    if (!row || row.submission_id !== message.submission) return ignored('there is no such grading')
    if (!secretMatches(message.secret, row.secret_hash))
      return ignored('the secret is not that of the grading')
    if (message.kind === 'started') return this.#start(row, message.worker)
    const definitions = await this.labs.of(row.lab_revision)
    const checks = finishedChecks(definitions, message.checks)
    if (!checks) return ignored('it names checks that the lab does not have, or one twice')
    if (message.kind === 'fault')
      return this.#finish(row, definitions, {
        event: 'fault',
        checks,
        notice: notices.fault,
        staffNote: message.reason,
        worker: message.worker,
      })
    const unjudged = unjudgedCheck(definitions, message.checks)
    return this.#finish(row, definitions, {
      checks,
      worker: message.worker,
      preparingMs: message.preparingMs,
      gradingMs: message.gradingMs,
      sandbox: message.sandbox,
      ...(unjudged === null
        ? { event: 'grade' }
        : {
            event: 'fault',
            notice: notices.check,
            staffNote: `check ${unjudged} ended in an error or was not reported`,
          }),
    })
  }

  /** A grading that was lost again and again: it ends without a verdict, and costs nothing. */
  async giveUp(grading: string, reason: string): Promise<Outcome> {
    const row = await this.#find(grading)
    if (!row) return ignored('there is no such grading')
    return this.#finish(row, await this.labs.of(row.lab_revision), {
      event: 'fault',
      checks: [],
      notice: notices.fault,
      staffNote: reason,
      worker: null,
    })
  }

  #find(grading: string): Promise<GradingRow | null> {
    return this.db.one<GradingRow>(
      `SELECT g.id, g.submission_id, g.state, g.secret_hash, g.learner_id, s.lab_revision, s.cohort_id, s.lab
         FROM grading g JOIN submission s ON s.id = g.submission_id WHERE g.id = $1`,
      [grading],
    )
  }

  async #start(row: GradingRow, worker: string): Promise<Outcome> {
    if (nextGradingState(row.state, 'start') === null) return ignored('the grading has ended')
    const started = await this.db.query(
      `UPDATE grading SET state = 'running', worker = $2, started_at = coalesce(started_at, now())
        WHERE id = $1 AND state = ANY($3) AND (state <> 'running' OR worker IS DISTINCT FROM $2) RETURNING id`,
      [row.id, storable(worker), statesThatAccept('start')],
    )
    return started.length > 0
      ? { applied: true, submission: row.submission_id }
      : ignored('the grading runs already, or has ended')
  }

  async #finish(row: GradingRow, definitions: readonly CheckDefinition[], end: End): Promise<Outcome> {
    const state = nextGradingState(row.state, end.event)
    if (state === null) return ignored('the grading has ended')
    return this.db.transaction(async (tx): Promise<Outcome> => {
      const finished = await tx.query(
        `UPDATE grading SET state = $2, finished_at = now(), score = $3,
                started_at = coalesce(started_at, greatest(queued_at, now() - make_interval(secs => $11 / 1000.0))),
                worker = coalesce($4, worker), preparing_ms = $5, grading_ms = $6, sandbox = $7, notice = $8, staff_note = $9
          WHERE id = $1 AND state = ANY($10) RETURNING id`,
        [
          row.id,
          state,
          state === 'graded' ? scoreOf(end.checks) : null,
          end.worker === null ? null : storable(end.worker),
          rounded(end.preparingMs),
          rounded(end.gradingMs),
          end.sandbox === undefined ? null : storable(JSON.stringify(end.sandbox)),
          end.notice ?? null,
          end.staffNote === undefined ? null : storable(end.staffNote),
          statesThatAccept(end.event),
          // The message that it started may still be on its way.
          (end.preparingMs ?? 0) + (end.gradingMs ?? 0),
        ],
      )
      if (finished.length === 0) return ignored('the grading has ended')
      await storeChecks(tx, row.id, definitions, end.checks)
      const of = { cohort: row.cohort_id, learner: row.learner_id, lab: row.lab }
      // Before the submission's row, as everyone who writes both does.
      await holdProgress(tx, of, maxScoreOf(definitions))
      // A regrade counts from its verdict on; before, and when it fails, what counted goes on counting.
      if (state === 'graded')
        await tx.query(
          `UPDATE submission SET counted_grading_id = $2 WHERE id = $1 AND counted_grading_id <> $2`,
          [row.submission_id, row.id],
        )
      await recountProgress(tx, of)
      return { applied: true, submission: row.submission_id }
    })
  }
}

interface End {
  event: Extract<GradingEvent, 'grade' | 'fault'>
  checks: readonly FinishedCheck[]
  worker: string | null
  preparingMs?: number
  gradingMs?: number
  sandbox?: SandboxFacts
  notice?: string
  staffNote?: string
}

/** A verdict stands only when each check of the lab was judged. */
function unjudgedCheck(
  definitions: readonly CheckDefinition[],
  reports: readonly CheckReport[],
): string | null {
  const judged = new Set(reports.filter((report) => report.status !== 'error').map((report) => report.id))
  return definitions.find((definition) => !judged.has(definition.id))?.id ?? null
}

const scoreOf = (checks: readonly FinishedCheck[]) =>
  Math.round(checks.reduce((sum, check) => sum + check.points, 0) * 100) / 100

async function storeChecks(
  tx: Transaction,
  grading: string,
  definitions: readonly CheckDefinition[],
  checks: readonly FinishedCheck[],
): Promise<void> {
  if (checks.length === 0) return
  const rows = definitions.flatMap((definition, position) => {
    const check = checks.find((candidate) => candidate.id === definition.id)
    return check
      ? [
          {
            check_id: check.id,
            position,
            status: check.status,
            points: check.points,
            max_points: definition.points,
            message: check.message === null ? null : storable(check.message),
            staff_note: check.staffNote === null ? null : storable(check.staffNote),
            duration_ms: Math.round(check.durationMs),
          },
        ]
      : []
  })
  await tx.query(
    `INSERT INTO check_result (grading_id, check_id, position, status, points, max_points, message, staff_note, duration_ms)
     SELECT $1, r.* FROM jsonb_to_recordset($2) AS r(check_id text, position int, status text, points float8,
       max_points float8, message text, staff_note text, duration_ms int)`,
    [grading, JSON.stringify(rows)],
  )
}

/** Text that came out of a container may hold what Postgres refuses: NUL, and halves of surrogate pairs. */
const storable = (text: string) => text.replace(/[\0\p{Surrogate}]/gu, '\uFFFD')
const rounded = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms))

import { Injectable } from '@nestjs/common'
import type { Attempt, RubricPoint } from '@cooperage/contracts'
import { rubricPercent } from '@cooperage/domain'
import { Database, newId, type Sql } from '../data/index.js'
import { Problem } from '../platform/index.js'
import { attemptView, strangeMarks, type AttemptRow } from './attempt-view.js'

interface Held {
  id: string
  cohort_id: string
  learner_id: string
  question: string
  rubric: RubricPoint[]
}

const attemptColumns = `a.id, a.cohort_id, a.question, a.learner_id, l.name AS learner_name, a.answer, a.rubric, a.created_at,
  a.self_marks, a.self_score, a.review_marks, a.review_score, a.review_comment, r.name AS reviewer_name, a.reviewed_at`
const attemptTables = `question_attempt a JOIN "user" l ON l.id = a.learner_id LEFT JOIN "user" r ON r.id = a.reviewer_id`

/** Written answers to interview questions, and their marks: the learner's own and a reviewer's, both kept. */
@Injectable()
export class Attempts {
  constructor(private readonly db: Database) {}

  /** Keeps the rubric as it is now: marks stay meaningful when the course changes. */
  async create(of: {
    cohort: string
    question: string
    learner: string
    answer: string
    rubric: readonly RubricPoint[]
  }): Promise<string> {
    const id = newId()
    await this.db.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO question_attempt (id, cohort_id, question, learner_id, answer, rubric) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, of.cohort, of.question, of.learner, of.answer, JSON.stringify(of.rubric)],
      )
      await recount(tx, { cohort_id: of.cohort, learner_id: of.learner, question: of.question })
    })
    return id
  }

  /** Newest first. `before`: id of the last one of the page before. */
  list(of: {
    cohort: string
    question: string
    learner: string | null
    before: string | null
    limit: number
  }): Promise<AttemptRow[]> {
    return this.db.query<AttemptRow>(
      `SELECT ${attemptColumns} FROM ${attemptTables}
        WHERE a.cohort_id = $1 AND a.question = $2 AND ($3::uuid IS NULL OR a.learner_id = $3) AND ($4::uuid IS NULL OR a.id < $4)
        ORDER BY a.id DESC LIMIT $5`,
      [of.cohort, of.question, of.learner, of.before, of.limit],
    )
  }

  /** @throws {Problem} `not_found` */
  async get(attempt: string): Promise<Attempt> {
    const row = await this.db.one<AttemptRow>(
      `SELECT ${attemptColumns} FROM ${attemptTables} WHERE a.id = $1`,
      [attempt],
    )
    if (!row) throw new Problem('not_found')
    return attemptView(row)
  }

  /** The learner's own marks, again as often as they like. Answers the score in percent of the weights. */
  selfMark(attempt: string, marks: Record<string, number>): Promise<number> {
    return this.#mark(attempt, marks, 'selfMarks', (tx, score) =>
      tx.query(
        `UPDATE question_attempt SET self_marks = $2, self_score = $3, self_marked_at = now() WHERE id = $1`,
        [attempt, JSON.stringify(marks), score],
      ),
    )
  }

  /** A reviewer's marks; they count instead of the learner's own. */
  async review(
    attempt: string,
    reviewer: string,
    marks: Record<string, number>,
    comment: string,
  ): Promise<Attempt> {
    await this.#mark(attempt, marks, 'marks', (tx, score) =>
      tx.query(
        `UPDATE question_attempt SET review_marks = $2, review_score = $3, review_comment = $4, reviewer_id = $5,
                reviewed_at = now() WHERE id = $1`,
        [attempt, JSON.stringify(marks), score, comment, reviewer],
      ),
    )
    return this.get(attempt)
  }

  #mark(
    attempt: string,
    marks: Record<string, number>,
    field: string,
    store: (tx: Sql, score: number) => Promise<unknown>,
  ): Promise<number> {
    return this.db.transaction(async (tx) => {
      const held = await tx.one<Held>(
        `SELECT id, cohort_id, learner_id, question, rubric FROM question_attempt WHERE id = $1 FOR UPDATE`,
        [attempt],
      )
      if (!held) throw new Problem('not_found')
      const errors = strangeMarks(held.rubric, marks, field)
      if (errors.length > 0) throw new Problem('validation_failed', { errors })
      const score = rubricPercent(held.rubric, marks)
      await store(tx, score)
      await recount(tx, held)
      return score
    })
  }
}

/** One statement for the row's lock, one to count: whoever comes second counts what the first one stored. */
async function recount(sql: Sql, of: Pick<Held, 'cohort_id' | 'learner_id' | 'question'>): Promise<void> {
  const key = [of.cohort_id, of.learner_id, of.question]
  await sql.query(
    `INSERT INTO question_progress (cohort_id, user_id, question, last_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (cohort_id, user_id, question) DO UPDATE SET last_at = question_progress.last_at`,
    key,
  )
  await sql.query(
    `UPDATE question_progress p SET attempts = c.attempts, best_percent = c.best, last_at = c.last_at
       FROM (SELECT count(*)::int AS attempts, max(coalesce(review_score, self_score)) AS best, max(created_at) AS last_at
               FROM question_attempt WHERE cohort_id = $1 AND learner_id = $2 AND question = $3) c
      WHERE p.cohort_id = $1 AND p.user_id = $2 AND p.question = $3`,
    key,
  )
}

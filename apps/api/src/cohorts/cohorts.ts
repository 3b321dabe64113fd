import { Injectable } from '@nestjs/common'
import type { Cohort, CohortRole } from '@cooperage/contracts'
import { audit, Database, isId, newId } from '../data/index.js'
import { decodeCursor, Problem, toPage, type Caller, type Page } from '../platform/index.js'
import { newJoinCode, normalJoinCode } from './join-code.js'

interface CohortRow {
  id: string
  name: string
  course: string
  courseTitle: string
  startsAt: Date | null
  endsAt: Date | null
  joinCode: string
  role: CohortRole | null
  learners: number
}

/** `$1` is the caller. */
const selectCohort = `
  SELECT c.id, c.name, c.course_id AS course, course.title AS "courseTitle", c.starts_at AS "startsAt",
         c.ends_at AS "endsAt", c.join_code AS "joinCode", e.role,
         (SELECT count(*)::int FROM enrolment l WHERE l.cohort_id = c.id AND l.role = 'learner') AS learners
    FROM cohort c
    JOIN course ON course.id = c.course_id
    LEFT JOIN enrolment e ON e.cohort_id = c.id AND e.user_id = $1`

@Injectable()
export class Cohorts {
  constructor(private readonly database: Database) {}

  /** The caller's cohorts, the newest first; an admin's are all. */
  async list(caller: Caller, { limit, cursor }: Page) {
    const rows = await this.database.query<CohortRow>(
      `${selectCohort}
        WHERE ($2 OR e.user_id IS NOT NULL) AND ($3::uuid IS NULL OR c.id < $3)
        ORDER BY c.id DESC LIMIT $4`,
      [caller.id, caller.role === 'admin', decodeCursor(cursor, isId), limit + 1],
    )
    return toPage(rows, limit, (row) => row.id, toCohort)
  }

  async get(caller: Caller, id: string): Promise<Cohort> {
    const row = await this.database.one<CohortRow>(`${selectCohort} WHERE c.id = $2`, [caller.id, id])
    if (!row) throw new Problem('not_found')
    return toCohort(row)
  }

  async create(
    caller: Caller,
    body: { course: string; name: string; startsAt?: string | undefined; endsAt?: string | undefined },
  ): Promise<{ id: string; joinCode: string }> {
    const cohort = { id: newId(), joinCode: newJoinCode() }
    await this.database.transaction(async (tx) => {
      const course = await tx.one('SELECT id FROM course WHERE id = $1', [body.course])
      if (!course)
        throw new Problem('validation_failed', {
          errors: [{ path: 'course', message: 'there is no such course' }],
        })
      await tx.query(
        'INSERT INTO cohort (id, course_id, name, join_code, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)',
        [cohort.id, body.course, body.name, cohort.joinCode, body.startsAt ?? null, body.endsAt ?? null],
      )
      await tx.query(`INSERT INTO enrolment (cohort_id, user_id, role) VALUES ($1, $2, 'instructor')`, [
        cohort.id,
        caller.id,
      ])
      await audit(tx, caller.id, 'cohort.created', `cohort:${cohort.id}`)
    })
    return cohort
  }

  /** As learner; who is in it already, in whatever role, stays what they are. */
  async join(caller: Caller, code: string): Promise<{ cohortId: string }> {
    const cohort = await this.database.one<{ id: string }>('SELECT id FROM cohort WHERE join_code = $1', [
      normalJoinCode(code),
    ])
    if (!cohort) throw new Problem('not_found', { detail: 'There is no cohort with this code.' })
    await this.database.query(
      `INSERT INTO enrolment (cohort_id, user_id, role) VALUES ($1, $2, 'learner') ON CONFLICT DO NOTHING`,
      [cohort.id, caller.id],
    )
    return { cohortId: cohort.id }
  }
}

/** An admin who is not in the cohort sees it as its instructor does. */
function toCohort(row: CohortRow): Cohort {
  const role = row.role ?? 'instructor'
  return {
    ...row,
    role,
    startsAt: row.startsAt?.toISOString() ?? null,
    endsAt: row.endsAt?.toISOString() ?? null,
    joinCode: role === 'learner' ? null : row.joinCode,
  }
}

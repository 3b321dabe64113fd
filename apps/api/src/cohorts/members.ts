import { Injectable } from '@nestjs/common'
import type { CohortRole } from '@cooperage/contracts'
import { audit, Database, isId } from '../data/index.js'
import { decodeCursor, Problem, toPage, type Caller, type Page } from '../platform/index.js'

interface MemberRow {
  id: string
  name: string
  email: string
  role: CohortRole
}

@Injectable()
export class Members {
  constructor(private readonly database: Database) {}

  /** By name. */
  async list(cohort: string, { limit, cursor }: Page) {
    const rows = await this.database.query<MemberRow>(
      `SELECT u.id, u.name, u.email, e.role
         FROM enrolment e JOIN "user" u ON u.id = e.user_id
        WHERE e.cohort_id = $1
          AND ($2::uuid IS NULL OR (lower(u.name), u.id) > (SELECT lower(name), id FROM "user" WHERE id = $2))
        ORDER BY lower(u.name), u.id LIMIT $3`,
      [cohort, decodeCursor(cursor, isId), limit + 1],
    )
    return toPage(
      rows,
      limit,
      (row) => row.id,
      (row) => row,
    )
  }

  /** Who is in the cohort already gets the new role; its last instructor stays one. */
  async addStaff(
    caller: Caller,
    cohort: string,
    { email, role }: { email: string; role: 'instructor' | 'assistant' },
  ): Promise<MemberRow> {
    return this.database.transaction(async (tx) => {
      const user = await tx.one<Omit<MemberRow, 'role'>>(
        'SELECT id, name, email FROM "user" WHERE email = $1',
        [email],
      )
      if (!user)
        throw new Problem('validation_failed', {
          errors: [
            {
              path: 'email',
              message: 'nobody here has this email address; an admin can create an account for them',
            },
          ],
        })
      const instructors = await tx.query<{ userId: string }>(
        `SELECT user_id AS "userId" FROM enrolment WHERE cohort_id = $1 AND role = 'instructor' FOR UPDATE`,
        [cohort],
      )
      if (role === 'assistant' && instructors.length === 1 && instructors[0]?.userId === user.id)
        throw new Problem('conflict', { detail: 'A cohort keeps at least one instructor.' })
      await tx.query(
        `INSERT INTO enrolment (cohort_id, user_id, role) VALUES ($1, $2, $3)
         ON CONFLICT (cohort_id, user_id) DO UPDATE SET role = excluded.role`,
        [cohort, user.id, role],
      )
      await audit(tx, caller.id, 'cohort.staff-added', `cohort:${cohort}`, { user: user.id, role })
      return { ...user, role }
    })
  }
}

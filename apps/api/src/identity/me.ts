import { Injectable } from '@nestjs/common'
import type { BodyOf, Me, routes } from '@cooperage/contracts'
import type { FastifyRequest } from 'fastify'
import { Database } from '../data/index.js'
import { Problem, type Caller } from '../platform/index.js'
import { FailedPasswords } from './failed-passwords.js'
import { Passwords } from './passwords.js'
import { Sessions } from './sessions.js'

/** What people see and change of themselves. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly failures: FailedPasswords,
    private readonly sessions: Sessions,
  ) {}

  async get({ id, email, role }: Caller): Promise<Me> {
    const cohorts = await this.database.query<Me['cohorts'][number]>(
      `SELECT c.id, c.name, c.course_id AS course, course.title AS "courseTitle", e.role
         FROM enrolment e
         JOIN cohort c ON c.id = e.cohort_id
         JOIN course ON course.id = c.course_id
        WHERE e.user_id = $1 ORDER BY c.id DESC`,
      [id],
    )
    const row = await this.database.one<{ name: string }>('SELECT name FROM "user" WHERE id = $1', [id])
    return { id, email, role, name: row?.name ?? '', cohorts }
  }

  /** A new password ends all other sessions. */
  async update(caller: Caller, body: BodyOf<typeof routes.updateMe>, request: FastifyRequest): Promise<Me> {
    const passwordHash = body.password ? await this.changedPassword(caller, body.password, request.ip) : null
    await this.database.transaction(async (tx) => {
      await tx.query(
        `UPDATE "user" SET name = coalesce($2, name), password_hash = coalesce($3, password_hash) WHERE id = $1`,
        [caller.id, body.name ?? null, passwordHash],
      )
      if (passwordHash !== null) await this.sessions.endOthers(tx, caller.id, caller.sessionId)
    })
    return this.get(caller)
  }

  private async changedPassword(
    caller: Caller,
    password: { current: string; next: string },
    address: string,
  ): Promise<string> {
    await this.failures.refuseIfTooMany(caller.email, address)
    const row = await this.database.one<{ hash: string | null }>(
      'SELECT password_hash AS hash FROM "user" WHERE id = $1',
      [caller.id],
    )
    if (!(await this.passwords.matches(row?.hash ?? null, password.current))) {
      await this.failures.count(caller.email, address)
      throw new Problem('validation_failed', {
        detail: 'The current password is wrong.',
        errors: [{ path: 'password.current', message: 'not the current password' }],
      })
    }
    return this.passwords.hash(password.next)
  }
}

import { Injectable } from '@nestjs/common'
import type { User } from '@cooperage/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Database } from '../data/index.js'
import { Problem } from '../platform/index.js'
import { FailedPasswords } from './failed-passwords.js'
import { Passwords } from './passwords.js'
import { Sessions } from './sessions.js'

@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly failures: FailedPasswords,
    private readonly sessions: Sessions,
  ) {}

  /** Throws `wrong_credentials`, which does not tell whether there is such a person, or `too_many_requests`. */
  async withPassword(
    { email, password }: { email: string; password: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ user: User }> {
    await this.failures.refuseIfTooMany(email, request.ip)
    const found = await this.database.one<User & { passwordHash: string | null }>(
      'SELECT id, email, name, role, password_hash AS "passwordHash" FROM "user" WHERE email = $1',
      [email],
    )
    const right = await this.passwords.matches(found?.passwordHash ?? null, password)
    if (!right) await this.failures.count(email, request.ip)
    // Guesses that were sent all at once learn nothing beyond the limit, not even which of them was right.
    await this.failures.refuseIfTooMany(email, request.ip)
    if (!found || !right) throw new Problem('wrong_credentials')
    await this.sessions.start(found.id, reply)
    return { user: found }
  }
}

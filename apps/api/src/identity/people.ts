import { Inject, Injectable } from '@nestjs/common'
import type { Role, User } from '@cooperage/contracts'
import type { FastifyReply } from 'fastify'
import { audit, Database, newId } from '../data/index.js'
import { CONFIGURATION, hashToken, Problem, type Caller, type Configuration } from '../platform/index.js'
import { inviteUser } from './invitations.js'
import { Passwords } from './passwords.js'
import { Sessions } from './sessions.js'

/** Creates people, and lets those who were invited in. */
@Injectable()
export class People {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async create(
    caller: Caller,
    body: { email: string; name: string; role: Role; password?: string | undefined },
  ): Promise<User & { invitationUrl: string | null }> {
    const passwordHash = body.password ? await this.passwords.hash(body.password) : null
    const user = { id: newId(), email: body.email, name: body.name, role: body.role }
    const invitationUrl = await this.database.transaction(async (tx) => {
      const made = await tx.query(
        `INSERT INTO "user" (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (email) DO NOTHING RETURNING id`,
        [user.id, user.email, user.name, user.role, passwordHash],
      )
      if (made.length === 0)
        throw new Problem('conflict', {
          detail: 'There is somebody with this e-mail already.',
          errors: [{ path: 'email', message: 'is taken' }],
        })
      await audit(tx, caller.id, 'user.created', `user:${user.id}`, { role: user.role })
      return passwordHash ? null : inviteUser(tx, user.id, this.configuration.PUBLIC_URL)
    })
    return { ...user, invitationUrl }
  }

  /** Works once. Throws `not_found` for a token that never was, `gone` for one that is used or too old. */
  async accept(
    token: string,
    body: { name: string; password: string },
    reply: FastifyReply,
  ): Promise<{ user: User }> {
    const hash = hashToken(token)
    const known = await this.database.one('SELECT id FROM invitation WHERE token_hash = $1', [hash])
    if (!known) throw new Problem('not_found')
    const passwordHash = await this.passwords.hash(body.password)
    const user = await this.database.transaction(async (tx) => {
      const taken = await tx.one<{ userId: string }>(
        `UPDATE invitation SET used_at = now()
          WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()
          RETURNING user_id AS "userId"`,
        [hash],
      )
      if (!taken)
        throw new Problem('gone', {
          detail: 'This invitation was used, or it is too old. Ask for a new one.',
        })
      return tx.one<User>(
        `UPDATE "user" SET name = $2, password_hash = $3 WHERE id = $1 RETURNING id, email, name, role`,
        [taken.userId, body.name, passwordHash],
      )
    })
    if (!user) throw new Problem('not_found')
    await this.sessions.start(user.id, reply)
    return { user }
  }
}

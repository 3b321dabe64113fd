import { Inject, Injectable } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { Database, newId, type Sql } from '../data/index.js'
import {
  CONFIGURATION,
  hashToken,
  isHttps,
  newToken,
  sessionCookie,
  type Configuration,
} from '../platform/index.js'

const days = 14

/** Sessions of browsers. The cookie holds the token, the table its hash. */
@Injectable()
export class Sessions {
  private readonly secure: boolean

  constructor(
    private readonly database: Database,
    @Inject(CONFIGURATION) configuration: Configuration,
  ) {
    this.secure = isHttps(configuration)
  }

  async start(userId: string, reply: FastifyReply): Promise<void> {
    const token = newToken()
    const expires = new Date(Date.now() + days * 24 * 60 * 60 * 1000)
    await this.database.query(
      'INSERT INTO session (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, $4)',
      [newId(), userId, hashToken(token), expires],
    )
    void reply.setCookie(sessionCookie, token, { ...this.cookie(), expires })
  }

  /** `sessionId` null: the caller has an API token, which `DELETE /me/tokens/:token` ends. */
  async end(sessionId: string | null, reply: FastifyReply): Promise<void> {
    if (sessionId !== null) await this.database.query('DELETE FROM session WHERE id = $1', [sessionId])
    void reply.clearCookie(sessionCookie, this.cookie())
  }

  async endOthers(sql: Sql, userId: string, keep: string | null): Promise<void> {
    await sql.query('DELETE FROM session WHERE user_id = $1 AND id IS DISTINCT FROM $2', [userId, keep])
  }

  private cookie() {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure } as const
  }
}

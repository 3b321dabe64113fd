import { Injectable } from '@nestjs/common'
import '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { Database } from '../data/index.js'
import type { Caller } from './caller.js'
import { hashToken } from './secrets.js'

export const sessionCookie = 'cooperage_session'
export const apiTokenPrefix = 'coop_'

interface CallerRow {
  id: string
  email: string
  name: string
  role: Caller['role']
  sessionId: string | null
  /** Of an API token: its last use is more than a minute ago, or never was. */
  stale: boolean
}

/** Finds out who calls. */
@Injectable()
export class Authentication {
  constructor(private readonly database: Database) {}

  /** A Bearer token goes before the cookie; null when there is neither, or it is not valid any more. */
  async resolve(request: FastifyRequest): Promise<Caller | null> {
    const bearer = bearerOf(request)
    if (bearer !== null) return bearer.startsWith(apiTokenPrefix) ? this.byToken(bearer) : null
    const cookie = request.cookies[sessionCookie]
    return cookie ? this.bySession(cookie) : null
  }

  private async bySession(token: string): Promise<Caller | null> {
    const row = await this.database.one<CallerRow>(
      `SELECT u.id, u.email, u.name, u.role, s.id AS "sessionId"
         FROM session s JOIN "user" u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND s.expires_at > now()`,
      [hashToken(token)],
    )
    return row && toCaller(row)
  }

  private async byToken(token: string): Promise<Caller | null> {
    const hash = hashToken(token)
    const row = await this.database.one<CallerRow>(
      `SELECT u.id, u.email, u.name, u.role, NULL AS "sessionId",
              coalesce(t.last_used_at < now() - interval '1 minute', true) AS stale
         FROM api_token t JOIN "user" u ON u.id = t.user_id
        WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > now())`,
      [hash],
    )
    if (row?.stale)
      await this.database.query('UPDATE api_token SET last_used_at = now() WHERE token_hash = $1', [hash])
    return row && toCaller(row)
  }
}

const toCaller = ({ id, email, name, role, sessionId }: CallerRow): Caller => ({
  id,
  email,
  name,
  role,
  sessionId,
})

/** The token of `Authorization: Bearer <token>`, or null. */
export function bearerOf(request: FastifyRequest): string | null {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')
  return match?.[1] ?? null
}

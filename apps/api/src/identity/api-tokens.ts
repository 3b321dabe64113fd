import { Injectable } from '@nestjs/common'
import { Database, isId, newId } from '../data/index.js'
import {
  apiTokenPrefix,
  decodeCursor,
  hashToken,
  newToken,
  Problem,
  toPage,
  type Caller,
  type Page,
} from '../platform/index.js'

interface TokenRow {
  id: string
  name: string
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

/** API tokens of one person: they may do what the person may. */
@Injectable()
export class ApiTokens {
  constructor(private readonly database: Database) {}

  async list(caller: Caller, { limit, cursor }: Page) {
    const rows = await this.database.query<TokenRow>(
      `SELECT id, name, created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"
         FROM api_token
        WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3`,
      [caller.id, decodeCursor(cursor, isId), limit + 1],
    )
    return toPage(
      rows,
      limit,
      (row) => row.id,
      (row) => ({
        id: row.id,
        name: row.name,
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt?.toISOString() ?? null,
        lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
      }),
    )
  }

  /** The token is in this answer and nowhere else. */
  async create(caller: Caller, { name, expiresAt }: { name: string; expiresAt?: string | undefined }) {
    if (expiresAt && new Date(expiresAt) <= new Date())
      throw new Problem('validation_failed', { errors: [{ path: 'expiresAt', message: 'is in the past' }] })
    const id = newId()
    const token = newToken(apiTokenPrefix)
    await this.database.query(
      'INSERT INTO api_token (id, user_id, name, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)',
      [id, caller.id, name, hashToken(token), expiresAt ?? null],
    )
    return { id, token }
  }

  async delete(caller: Caller, id: string): Promise<void> {
    if (!isId(id)) throw new Problem('not_found')
    const gone = await this.database.query(
      'DELETE FROM api_token WHERE id = $1 AND user_id = $2 RETURNING id',
      [id, caller.id],
    )
    if (gone.length === 0) throw new Problem('not_found')
  }
}

import { newId, type Sql } from '../data/index.js'
import { hashToken, newToken } from '../platform/index.js'

const validDays = 7

/** Makes a one-time link under which the person chooses a password. Only the hash of its token is stored. */
export async function inviteUser(sql: Sql, userId: string, publicUrl: string): Promise<string> {
  const token = newToken()
  await sql.query(
    `INSERT INTO invitation (id, user_id, token_hash, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(days => $4))`,
    [newId(), userId, hashToken(token), validDays],
  )
  return `${publicUrl}/invitations/${token}`
}

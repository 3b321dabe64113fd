import { newId } from './ids.js'
import type { Sql } from './database.js'

/** Notes who did what, in the transaction that does it. `subject` as in `user:<id>`; `detail` never holds a secret. */
export async function audit(
  sql: Sql,
  actorId: string | null,
  action: string,
  subject: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await sql.query(
    'INSERT INTO audit_event (id, actor_id, action, subject, detail) VALUES ($1, $2, $3, $4, $5)',
    [newId(), actorId, action, subject, JSON.stringify(detail)],
  )
}

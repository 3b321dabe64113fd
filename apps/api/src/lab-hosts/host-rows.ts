/** A lab host as it is stored. */
import { SelfTestReport } from '@cooperage/contracts'
import type { Sql } from '../data/index.js'

export interface HostRow {
  id: string
  name: string
  engine: string
  quick: SelfTestReport | null
  full: SelfTestReport | null
  requestedAt: Date | null
  acceptedRisks: { row: string; reason: string; by: { id: string; name: string }; at: string }[]
}

const columns = `
  h.id, h.name, h.engine, h.quick_report AS quick, h.full_report AS "full", h.requested_at AS "requestedAt",
  (SELECT coalesce(json_agg(json_build_object('row', r.row, 'reason', r.reason, 'at', r.accepted_at,
                                              'by', json_build_object('id', u.id, 'name', u.name)) ORDER BY r.row), '[]')
     FROM accepted_risk r JOIN "user" u ON u.id = r.accepted_by
    WHERE r.host_id = h.id) AS "acceptedRisks"`

export async function findHost(sql: Sql, id: string): Promise<HostRow | null> {
  const [row] = await sql.query<HostRow>(`SELECT ${columns} FROM lab_host h WHERE h.id = $1`, [id])
  return row ? readable(row) : null
}

/** By name; those after the host of `after`, if it is given. */
export async function selectHosts(sql: Sql, after: string | null, limit: number): Promise<HostRow[]> {
  const rows = await sql.query<HostRow>(
    `SELECT ${columns} FROM lab_host h
      WHERE $1::text IS NULL OR (lower(h.name), h.id) > (SELECT lower(name), id FROM lab_host WHERE id = $1)
      ORDER BY lower(h.name), h.id LIMIT $2`,
    [after, limit],
  )
  return rows.map(readable)
}

/** A report of another release that says something else counts as none: the next start of its worker brings a new one. */
const readable = (row: HostRow): HostRow => ({
  ...row,
  quick: SelfTestReport.safeParse(row.quick).data ?? null,
  full: SelfTestReport.safeParse(row.full).data ?? null,
  acceptedRisks: row.acceptedRisks.map((risk) => ({ ...risk, at: new Date(risk.at).toISOString() })),
})

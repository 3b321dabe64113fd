import { Injectable } from '@nestjs/common'
import { Slug, type LabHost } from '@cooperage/contracts'
import { failingRows, latestRows, whyOff } from '@cooperage/domain'
import { audit, Database, type Sql } from '../data/index.js'
import { decodeCursor, Heartbeats, Problem, toPage, type Caller, type Page } from '../platform/index.js'
import { findHost, selectHosts, type HostRow } from './host-rows.js'
import { failingRowsOf } from './self-tests.js'

/** The admins' side: what there is, and which risks they take. */
@Injectable()
export class LabHosts {
  constructor(
    private readonly database: Database,
    private readonly heartbeats: Heartbeats,
  ) {}

  /** By name. */
  async list({ limit, cursor }: Page) {
    const after = decodeCursor(cursor, (key) => Slug.safeParse(key).success)
    const [hosts, view] = await Promise.all([selectHosts(this.database, after, limit + 1), this.views()])
    return toPage(hosts, limit, ({ id }) => id, view)
  }

  /** Asking twice is asking once. Its worker carries it out when it asks for orders, or when there is one again. */
  async requestSelfTest(caller: Caller, id: string): Promise<LabHost> {
    await this.database.transaction(async (tx) => {
      await hostOf(tx, id)
      await tx.query('UPDATE lab_host SET requested_at = coalesce(requested_at, now()) WHERE id = $1', [id])
      await audit(tx, caller.id, 'lab-host.self-test-requested', `lab-host:${id}`)
    })
    return this.get(id)
  }

  /** Throws `validation_failed` unless that row keeps labs off now: nobody accepts a risk that has not shown itself. */
  async acceptRisk(caller: Caller, id: string, name: string, reason: string): Promise<LabHost> {
    await this.database.transaction(async (tx) => {
      const host = await hostOf(tx, id)
      const row = failingRows(latestRows([host.quick, host.full])).find((failing) => failing.id === name)
      if (!row)
        throw new Problem('validation_failed', {
          detail: 'Only a row that matters and has not held in the last test can be accepted.',
          errors: [{ path: 'row', message: 'has not failed in the last test' }],
        })
      await tx.query(
        `INSERT INTO accepted_risk (host_id, row, reason, accepted_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (host_id, row) DO UPDATE SET reason = $3, accepted_by = $4, accepted_at = now()`,
        [id, name, reason, caller.id],
      )
      const { tried, happened } = row
      await audit(tx, caller.id, 'lab-host.risk-accepted', `lab-host:${id}`, {
        row: name,
        tried,
        happened,
        reason,
        by: caller.name,
      })
    })
    return this.get(id)
  }

  /** Throws `not_found` for a risk that nobody accepts. */
  async withdrawRisk(caller: Caller, id: string, name: string): Promise<LabHost> {
    await this.database.transaction(async (tx) => {
      const gone = await tx.one<{ reason: string }>(
        'DELETE FROM accepted_risk WHERE host_id = $1 AND row = $2 RETURNING reason',
        [id, name],
      )
      if (!gone) throw new Problem('not_found')
      const detail = { row: name, by: caller.name, reasonWas: gone.reason }
      await audit(tx, caller.id, 'lab-host.risk-withdrawn', `lab-host:${id}`, detail)
    })
    return this.get(id)
  }

  private async get(id: string): Promise<LabHost> {
    const [host, view] = await Promise.all([hostOf(this.database, id), this.views()])
    return view(host)
  }

  private async views(): Promise<(host: HostRow) => LabHost> {
    const living = await this.heartbeats.living()
    return (host) => {
      const workers = living.filter((beat) => beat.host === host.id)
      const { requestedAt, ...shown } = host
      return {
        ...shown,
        off: whyOff(failingRowsOf(host)) ?? whyNoneWorks(workers.map(({ off }) => off?.reason ?? null)),
        fullTestRequested: requestedAt !== null,
      }
    }
  }
}

/** One worker that takes jobs is enough. */
const whyNoneWorks = (workers: (string | null)[]): string | null => {
  if (workers.includes(null)) return null
  return workers[0] ?? 'no worker is running there'
}

async function hostOf(sql: Sql, id: string): Promise<HostRow> {
  const host = await findHost(sql, id)
  if (!host) throw new Problem('not_found')
  return host
}

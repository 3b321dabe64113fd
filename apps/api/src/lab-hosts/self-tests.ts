import { Injectable } from '@nestjs/common'
import type { LabHostOrders, SelfTestReport } from '@cooperage/contracts'
import { failingRows, latestRows, plainText, whyOff } from '@cooperage/domain'
import { Database } from '../data/index.js'
import { findHost, type HostRow } from './host-rows.js'

/** The workers' side: they bring reports, and learn whether they may take jobs. */
@Injectable()
export class SelfTests {
  constructor(private readonly database: Database) {}

  /** The last report of each scope is kept. A full one is what an admin has waited for. */
  async store(report: SelfTestReport): Promise<LabHostOrders> {
    const { host, scope } = report
    const plain = plainReport(report)
    const column = scope === 'quick' ? 'quick_report' : 'full_report'
    await this.database.query(
      `INSERT INTO lab_host (id, name, engine, ${column}, seen_at) VALUES ($1, $2, $3, $4, now())
       ON CONFLICT (id) DO UPDATE SET name = $2, engine = $3, ${column} = $4, seen_at = now(),
              requested_at = CASE WHEN $5 THEN NULL ELSE lab_host.requested_at END`,
      [host.id, plain.host.name, plain.host.engine, JSON.stringify(plain), scope === 'full'],
    )
    return this.orders(host.id)
  }

  /** A host that has reported nothing yet has none. */
  async orders(id: string): Promise<LabHostOrders> {
    const host = await findHost(this.database, id)
    if (!host) return { off: null, fullTestRequested: false }
    return { off: whyOff(failingRowsOf(host)), fullTestRequested: host.requestedAt !== null }
  }
}

/** The rows that keep labs of this host off. */
export const failingRowsOf = ({ quick, full, acceptedRisks }: HostRow) =>
  failingRows(latestRows([quick, full]), new Set(acceptedRisks.map(({ row }) => row)))

/** What a worker tells may repeat what hostile code printed. */
function plainReport(report: SelfTestReport): SelfTestReport {
  const shown = (text: string, max: number) => plainText(text, max) || '–'
  return {
    ...report,
    host: {
      id: report.host.id,
      name: shown(report.host.name, 253),
      engine: shown(report.host.engine, 200),
    },
    rows: report.rows.map((row) => ({
      ...row,
      tried: shown(row.tried, 300),
      happened: shown(row.happened, 500),
      stoppedBy: shown(row.stoppedBy, 300),
    })),
    notes: report.notes.map((note) => ({
      ...note,
      fact: shown(note.fact, 200),
      means: shown(note.means, 500),
    })),
  }
}

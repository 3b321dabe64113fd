import type { LabHost, SelfTestRow } from '@cooperage/contracts'
import { failingRows, latestRows } from '@cooperage/domain'

type Risk = LabHost['acceptedRisks'][number]

export interface ShownRow {
  row: SelfTestRow
  /** Labs are off because of it, unless `accepted`. */
  fails: boolean
  accepted: Risk | undefined
}

/** What keeps labs off comes first, then what an admin has accepted, then what else has not held. */
export function rowsToShow({ quick, full, acceptedRisks }: LabHost): ShownRow[] {
  const rows = latestRows([quick, full])
  const failing = new Set(failingRows(rows).map(({ id }) => id))
  const rank = ({ row, fails, accepted }: ShownRow) =>
    fails ? (accepted ? 1 : 0) : row.verdict === 'held' ? 3 : 2
  return rows
    .map((row) => ({
      row,
      fails: failing.has(row.id),
      accepted: acceptedRisks.find((risk) => risk.row === row.id),
    }))
    .sort((a, b) => rank(a) - rank(b))
}

/** Accepted once, and no reason for it any more: it would hide the next failure. */
export function staleRisks(host: LabHost, shown: readonly ShownRow[]): Risk[] {
  const needed = new Set(shown.filter(({ fails }) => fails).map(({ row }) => row.id))
  return host.acceptedRisks.filter(({ row }) => !needed.has(row))
}

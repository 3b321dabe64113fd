/** Which attacks of the sandbox self-test keep the labs of a host off. */
import type { SelfTestReport, SelfTestRow } from '@cooperage/contracts'

/** The last word on each attack: of several reports, the one that ended last and has it. */
export function latestRows(reports: readonly (SelfTestReport | null)[]): SelfTestRow[] {
  const newestFirst = reports
    .filter((report) => report !== null)
    .sort((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))
  const rows = new Map<string, SelfTestRow>()
  for (const row of newestFirst.flatMap((report) => report.rows)) if (!rows.has(row.id)) rows.set(row.id, row)
  return [...rows.values()]
}

/** Those for which labs are off: they matter, have not held, and nobody has accepted the risk. */
export const failingRows = (
  rows: readonly SelfTestRow[],
  accepted: ReadonlySet<string> = new Set(),
): SelfTestRow[] => rows.filter((row) => row.matters && row.verdict !== 'held' && !accepted.has(row.id))

const namedAtMost = 3
const triedAtMost = 60

/** Null when none fails; else a sentence of at most 500 characters. */
export function whyOff(failing: readonly Pick<SelfTestRow, 'id' | 'tried'>[]): string | null {
  if (failing.length === 0) return null
  const shortened = (text: string) => (text.length > triedAtMost ? `${text.slice(0, triedAtMost)}…` : text)
  const named = failing.slice(0, namedAtMost).map(({ id, tried }) => `${shortened(tried)} (${id})`)
  const more = failing.length > namedAtMost ? ` and ${failing.length - namedAtMost} more` : ''
  return `the sandbox self-test failed: ${named.join('; ')}${more}; an admin can see it under Lab hosts`
}

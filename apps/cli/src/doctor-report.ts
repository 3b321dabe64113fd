/** What the doctor prints. */
import type { HostNote, SelfTestReport, SelfTestRow } from '@cooperage/contracts'
import { failingRows } from '@cooperage/domain'

const marks = { held: '✔ held', broken: '✖ BROKEN', untried: '? untried' }
const verdictWidth = Math.max(...Object.values(marks).map((mark) => mark.length))
const gap = '  '

/** A table as wide as the terminal; no longer than its `columns` allow, and readable where there is none. */
export function rowTable(columns = 140) {
  const rest = Math.min(Math.max(columns, 80), 180) - verdictWidth - 3 * gap.length - 1
  const widths = [verdictWidth, ...[0.3, 0.42, 0.28].map((share) => Math.floor(rest * share))]
  const line = (cells: string[]) => {
    const wrapped = cells.map((cell, at) => wrap(cell, widths[at] ?? 20))
    const height = Math.max(...wrapped.map((lines) => lines.length))
    return Array.from({ length: height }, (_, n) =>
      wrapped
        .map((lines, at) => (lines[n] ?? '').padEnd(widths[at] ?? 20))
        .join(gap)
        .trimEnd(),
    ).join('\n')
  }
  return {
    head: line(['', 'tried', 'what happened', 'what stops it']),
    row: ({ verdict, tried, happened, stoppedBy, matters }: SelfTestRow) =>
      line([marks[verdict], matters ? tried : `${tried} (labs may run without)`, happened, stoppedBy]),
  }
}

/** What the host has, and what it lacks. */
export const notesText = (notes: readonly HostNote[]): string =>
  notes.map(({ present, fact, means }) => `${present ? '+' : '-'} ${fact}\n  ${means}`).join('\n')

/** How it stands, and what follows, in a line or two. */
export function closingLine({ rows }: Pick<SelfTestReport, 'rows'>): string {
  const count = (verdict: SelfTestRow['verdict']) => rows.filter((row) => row.verdict === verdict).length
  const counts = `${count('held')} held, ${count('broken')} broken, ${count('untried')} untried`
  const failing = failingRows(rows)
  if (failing.length === 0) return `${counts}; labs may run.`
  const names = failing.map(({ id }) => id).join(', ')
  return `${counts}; labs stay off until this is mended or an admin accepts the risk by name: ${names}`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    for (let rest = word; rest !== '';) {
      const room = width - (line === '' ? 0 : line.length + 1)
      if (rest.length <= room || line === '') {
        const taken = rest.slice(0, Math.max(room, 1))
        line = line === '' ? taken : `${line} ${taken}`
        rest = rest.slice(taken.length)
      }
      if (rest !== '') {
        lines.push(line)
        line = ''
      }
    }
  }
  return [...lines, line]
}

import { describe, expect, test } from '@jest/globals'
import type { SelfTestRow } from '@cooperage/contracts'
import { closingLine, rowTable } from './doctor-report.js'

const row = (more: Partial<SelfTestRow> = {}): SelfTestRow => ({
  id: 'fork-bomb',
  tried: 'A fork bomb',
  happened: 'It was stopped at 64 processes.',
  stoppedBy: 'pids limit',
  verdict: 'held',
  matters: true,
  durationMs: 1,
  ...more,
})

describe('a row', () => {
  test('stays within the terminal, and loses no word', () => {
    const long = row({ tried: 'many words '.repeat(20).trim(), happened: 'x'.repeat(300) })
    const lines = rowTable(80).row(long).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    expect(lines.join(' ').match(/many|words/g)).toHaveLength(40)
    expect(lines.join('').match(/x/g)).toHaveLength(300)
  })
  test('says by words and by a mark how it went', () => {
    expect(rowTable(140).row(row())).toMatch(/^✔ held {4,}A fork bomb {2,}It was stopped.* {2,}pids limit$/)
    expect(rowTable(140).row(row({ verdict: 'broken' }))).toMatch(/^✖ BROKEN/)
    expect(rowTable(140).row(row({ matters: false }))).toContain('labs may run without')
  })
})

test('the last line counts, and names what keeps labs off', () => {
  const rows = [
    row(),
    row({ id: 'a', verdict: 'broken' }),
    row({ id: 'b', verdict: 'untried' }),
    row({ id: 'c', verdict: 'broken', matters: false }),
  ]
  expect(closingLine({ rows: [row()] })).toBe('1 held, 0 broken, 0 untried; labs may run.')
  expect(closingLine({ rows })).toMatch(/^1 held, 2 broken, 1 untried; labs stay off .*: a, b$/)
})

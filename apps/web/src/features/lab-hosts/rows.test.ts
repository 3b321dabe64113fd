import { expect, test } from '@jest/globals'
import type { LabHost, SelfTestRow } from '@cooperage/contracts'
import { rowsToShow, staleRisks } from './rows.js'

const row = (id: string, verdict: SelfTestRow['verdict'], matters = true): SelfTestRow => ({
  id,
  tried: id,
  happened: '',
  stoppedBy: 'a fence',
  verdict,
  matters,
  durationMs: 1,
})
const risk = (name: string): LabHost['acceptedRisks'][number] => ({
  row: name,
  reason: 'A closed course.',
  by: { id: '019ac1f0-0000-7000-8000-000000000000', name: 'Ada' },
  at: '2026-01-01T00:00:00Z',
})
const host = (rows: SelfTestRow[], accepted: string[]): LabHost => ({
  id: 'h',
  name: 'h',
  engine: 'e',
  off: null,
  quick: {
    scope: 'quick',
    host: { id: 'h', name: 'h', engine: 'e' },
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:01Z',
    rows,
    notes: [],
  },
  full: null,
  fullTestRequested: false,
  acceptedRisks: accepted.map(risk),
})

test('what keeps labs off comes first, and within that the order of the test', () => {
  const rows = [
    row('held', 'held'),
    row('harmless', 'broken', false),
    row('accepted', 'broken'),
    row('b', 'broken'),
    row('a', 'untried'),
  ]
  expect(rowsToShow(host(rows, ['accepted'])).map((shown) => shown.row.id)).toEqual([
    'b',
    'a',
    'accepted',
    'harmless',
    'held',
  ])
})

test('a risk that nobody needs to accept any more is told apart', () => {
  const mended = host([row('a', 'held'), row('b', 'broken')], ['a', 'b', 'no-longer-tried'])
  expect(staleRisks(mended, rowsToShow(mended)).map((stale) => stale.row)).toEqual(['a', 'no-longer-tried'])
})

import { describe, expect, test } from '@jest/globals'
import type { SelfTestReport, SelfTestRow } from '@cooperage/contracts'
import { failingRows, latestRows, whyOff } from './lab-hosts.js'

const row = (id: string, verdict: SelfTestRow['verdict'], matters = true): SelfTestRow => ({
  id,
  tried: `Trying ${id}`,
  happened: 'It happened.',
  stoppedBy: 'a fence',
  verdict,
  matters,
  durationMs: 1,
})
const report = (finishedAt: string, ...rows: SelfTestRow[]): SelfTestReport => ({
  scope: 'full',
  host: { id: 'host', name: 'host', engine: 'an engine' },
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt,
  rows,
  notes: [],
})

describe('the last word on an attack', () => {
  test('is that of the report that ended last, and of an older one for what the newer left out', () => {
    const full = report('2026-01-01T00:01:00Z', row('quick', 'broken'), row('slow', 'broken'))
    const quick = report('2026-01-01T00:02:00Z', row('quick', 'held'))
    const verdicts = (reports: (SelfTestReport | null)[]) =>
      Object.fromEntries(latestRows(reports).map(({ id, verdict }) => [id, verdict]))
    expect(verdicts([quick, full])).toEqual({ quick: 'held', slow: 'broken' })
    expect(verdicts([full, null])).toEqual({ quick: 'broken', slow: 'broken' })
    expect(verdicts([null, null])).toEqual({})
  })

  test('in whole milliseconds or not', () => {
    const earlier = report('2026-01-01T00:00:00.500Z', row('a', 'held'))
    const later = report('2026-01-01T00:00:01Z', row('a', 'broken'))
    expect(latestRows([earlier, later])[0]?.verdict).toBe('broken')
    expect(latestRows([later, earlier])[0]?.verdict).toBe('broken')
  })
})

test('labs are off for what matters, has not held, and is accepted by nobody', () => {
  const rows = [
    row('held', 'held'),
    row('broken', 'broken'),
    row('untried', 'untried'),
    row('accepted', 'broken'),
    row('harmless', 'broken', false),
  ]
  expect(failingRows(rows, new Set(['accepted'])).map(({ id }) => id)).toEqual(['broken', 'untried'])
})

test('why, in words that fit a heartbeat', () => {
  expect(whyOff([])).toBeNull()
  expect(whyOff([row('fork-bomb', 'broken')])).toBe(
    'the sandbox self-test failed: Trying fork-bomb (fork-bomb); an admin can see it under Lab hosts',
  )
  const long = Array.from({ length: 40 }, (_, n) => ({
    ...row(`${'x'.repeat(62)}${n}`.slice(0, 64), 'broken'),
    tried: 'y'.repeat(300),
  }))
  const why = whyOff(long) ?? ''
  expect(why).toContain('and 37 more')
  expect(why.length).toBeLessThanOrEqual(500)
})

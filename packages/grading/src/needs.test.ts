import { describe, expect, test } from '@jest/globals'
import type { CheckReport, CheckStatus } from '@cooperage/contracts'
import { Ledger } from './needs.js'

const check = (id: string, ...needs: string[]) => ({ id, needs })
const report = (id: string, status: CheckStatus): CheckReport => ({
  id,
  status,
  partialPoints: null,
  message: null,
  staffNote: null,
  durationMs: 1,
})
const verdicts = (ledger: Ledger) =>
  Object.fromEntries(ledger.settled().map(({ id, status }) => [id, status]))

describe('Ledger', () => {
  test('skips, through any number of steps, what needs a check that did not pass', () => {
    const ledger = new Ledger([check('a'), check('b', 'a'), check('c', 'b'), check('d')])
    ledger.record(report('a', 'failed'))
    expect(ledger.isDecided('c')).toBe(true)
    expect(ledger.isDecided('d')).toBe(false)
    expect(verdicts(ledger)).toEqual({ a: 'failed', b: 'skipped', c: 'skipped' })
    expect(ledger.settled()[2]?.message).toContain('"b"')
  })

  test('holds a verdict back until those of what it needs are known, whichever runs first', () => {
    const ledger = new Ledger([check('script'), check('exec', 'script')])
    ledger.record(report('exec', 'passed'))
    expect(verdicts(ledger)).toEqual({})
    ledger.record(report('script', 'failed'))
    expect(verdicts(ledger)).toEqual({ script: 'failed', exec: 'skipped' })
  })

  test('lets a circle pass when all of it passes, and fall when one part fails', () => {
    const circle = [check('a', 'b'), check('b', 'a')]
    const passing = new Ledger(circle)
    passing.record(report('a', 'passed'))
    passing.record(report('b', 'passed'))
    expect(verdicts(passing)).toEqual({ a: 'passed', b: 'passed' })
    const failing = new Ledger(circle)
    failing.record(report('a', 'passed'))
    failing.record(report('b', 'failed'))
    expect(verdicts(failing)).toEqual({ a: 'skipped', b: 'skipped' })
  })

  test('skips what needs a check that the lab does not have', () => {
    const ledger = new Ledger([check('a', 'nowhere')])
    expect(verdicts(ledger)).toEqual({ a: 'skipped' })
  })

  test('keeps the report of an error', () => {
    const ledger = new Ledger([check('a'), check('b', 'a')])
    ledger.record(report('a', 'error'))
    expect(verdicts(ledger)).toEqual({ a: 'error', b: 'skipped' })
  })
})

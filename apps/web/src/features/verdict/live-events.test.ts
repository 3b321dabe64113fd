import { describe, expect, it } from '@jest/globals'
import type { CheckResult, Submission } from '@cooperage/contracts'
import { addStage, applyEvent, parseEvent, stageTimes } from './live-events.js'

const at = '2026-03-01T10:00:00.000Z'
const submission = (over: Partial<Submission> = {}): Submission => ({
  id: '01900000-0000-7000-8000-000000000001',
  cohort: '01900000-0000-7000-8000-000000000002',
  lab: 'first',
  learner: { id: '01900000-0000-7000-8000-000000000003', name: 'Ada' },
  submittedAt: at,
  status: 'queued',
  score: null,
  maxScore: 5,
  checks: [],
  timings: { queuedMs: null, preparingMs: null, gradingMs: null },
  attempt: 1,
  late: false,
  ...over,
})
const check = (over: Partial<CheckResult> = {}): CheckResult => ({
  id: 'greets',
  title: 'It greets',
  status: 'passed',
  points: 2,
  maxPoints: 2,
  ...over,
})

describe('events of a submission', () => {
  it('are taken as the contract has them, and ignored when damaged', () => {
    expect(parseEvent('check', JSON.stringify(check()))).toEqual({ event: 'check', data: check() })
    expect(parseEvent('check', '{"id":"greets"}')).toBeNull()
    expect(parseEvent('check', 'half a li')).toBeNull()
  })
  it('move the submission up the queue and out of it', () => {
    const waiting = applyEvent(submission(), {
      event: 'stage',
      data: { stage: 'queued', at, queuePosition: 3, startsInSeconds: 15 },
    })
    expect(waiting).toMatchObject({ status: 'queued', queuePosition: 3, startsInSeconds: 15 })
    const taken = applyEvent(waiting, { event: 'stage', data: { stage: 'preparing', at } })
    expect(taken?.status).toBe('running')
    expect(taken).not.toHaveProperty('queuePosition')
    expect(taken).not.toHaveProperty('startsInSeconds')
  })
  it('collect checks, each once', () => {
    const first = applyEvent(submission(), { event: 'check', data: check({ status: 'failed' }) })
    const again = applyEvent(first, { event: 'check', data: check() })
    expect(again?.checks).toEqual([check()])
  })
  it('begin anew when the grading is tried again', () => {
    const started = submission({ status: 'running', checks: [check()] })
    expect(applyEvent(started, { event: 'stage', data: { stage: 'retrying', at } })?.checks).toEqual([])
  })
  it('change nothing behind the verdict', () => {
    const verdict = submission({ status: 'graded', score: 2, checks: [check()] })
    expect(applyEvent(submission(), { event: 'verdict', data: verdict })).toBe(verdict)
    expect(applyEvent(verdict, { event: 'stage', data: { stage: 'exec', at } })).toBe(verdict)
    expect(applyEvent(verdict, { event: 'check', data: check({ status: 'failed' }) })).toBe(verdict)
  })
})

describe('stages', () => {
  const later = (ms: number) => new Date(Date.parse(at) + ms).toISOString()
  it('are counted once each, with the time spent in them', () => {
    let stages = addStage([], { stage: 'queued', at })
    stages = addStage(stages, { stage: 'queued', at: later(100) })
    stages = addStage(stages, { stage: 'exec', at: later(300) })
    stages = addStage(stages, { stage: 'queued', at })
    expect(stageTimes(stages, Date.parse(later(450)))).toMatchObject([
      { stage: 'queued', ms: 300 },
      { stage: 'exec', ms: 150 },
    ])
  })
  it('never took less than nothing', () => {
    expect(stageTimes([{ stage: 'exec', at }], Date.parse(at) - 5000)[0]?.ms).toBe(0)
  })
})

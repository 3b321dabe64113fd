import { describe, expect, it } from '@jest/globals'
import type { CheckReport } from '@cooperage/contracts'
import { decide, type Standing } from './access.js'
import { isFinal, nextGradingState, statesThatAccept } from './grading-state.js'
import { effectiveDates, isLate, refusal, scoreAfterPolicy } from './late-policy.js'
import { isStuck, percentDone } from './progress.js'
import { rubricPercent, scoreChecks } from './scoring.js'

describe('the life of a grading', () => {
  it('goes from queued over running to one verdict, and back to queued when its worker is lost', () => {
    expect(nextGradingState('queued', 'start')).toBe('running')
    expect(nextGradingState('running', 'requeue')).toBe('queued')
    expect(nextGradingState('running', 'grade')).toBe('graded')
    expect(nextGradingState('queued', 'grade')).toBe('graded')
  })
  it.each(['graded', 'error', 'cancelled'] as const)(
    '%s is final: nothing that comes later changes it',
    (state) => {
      expect(isFinal(state)).toBe(true)
      for (const event of ['start', 'requeue', 'grade', 'fault', 'cancel'] as const) {
        expect(nextGradingState(state, event)).toBeNull()
        expect(statesThatAccept(event)).not.toContain(state)
      }
    },
  )
})

describe('scoring', () => {
  const checks = [
    { id: 'a', points: 2 },
    { id: 'b', points: 3 },
  ]
  const report = (id: string, status: CheckReport['status'], partialPoints: number | null = null) => ({
    id,
    status,
    partialPoints,
  })
  it('gives what the lab says a check is worth, whatever the report claims', () => {
    expect(scoreChecks(checks, [report('a', 'passed', 99), report('b', 'failed')])).toMatchObject({
      score: 2,
      maxScore: 5,
    })
  })
  it('gives partial credit to a failed check, and none to a skipped or faulty one', () => {
    expect(scoreChecks(checks, [report('a', 'skipped', 2), report('b', 'failed', 1.5)]).score).toBe(1.5)
    expect(scoreChecks(checks, [report('a', 'error', 2), report('b', 'passed')]).score).toBe(3)
  })
  it('counts a check that the report leaves out as an error', () => {
    expect(scoreChecks(checks, [report('b', 'passed')]).checks[0]).toEqual({
      id: 'a',
      status: 'error',
      points: 0,
      maxPoints: 2,
    })
  })
  it('weighs rubric points', () => {
    const rubric = [
      { id: 'x', weight: 2 },
      { id: 'y', weight: 1 },
    ]
    expect(rubricPercent(rubric, { x: 1, y: 0 })).toBe(66.7)
    expect(rubricPercent(rubric, { x: 0.5 })).toBe(33.3)
  })
})

describe('dates', () => {
  const due = '2026-03-01T12:00:00Z'
  const at = (time: string) => new Date(time)
  it('refuses before opening, after closing, and when attempts are used up', () => {
    const dates = effectiveDates(
      { opensAt: '2026-02-01T00:00:00Z', closesAt: '2026-04-01T00:00:00Z', maxAttempts: 2 },
      null,
    )
    expect(refusal(dates, at('2026-01-31T23:59:59Z'), 0)).toBe('lab_not_open')
    expect(refusal(dates, at('2026-04-01T00:00:00Z'), 0)).toBe('lab_closed')
    expect(refusal(dates, at('2026-03-01T00:00:00Z'), 2)).toBe('attempts_used_up')
    expect(refusal(dates, at('2026-03-01T00:00:00Z'), 1)).toBeNull()
  })
  it('takes the penalty for each day begun, and none with an extension', () => {
    const schedule = { dueAt: due, late: { kind: 'penalty' as const, percentPerDay: 10 } }
    const dates = effectiveDates(schedule, null)
    expect(scoreAfterPolicy(dates, at(due), 10)).toBe(10)
    expect(scoreAfterPolicy(dates, at('2026-03-01T12:00:01Z'), 10)).toBe(9)
    expect(scoreAfterPolicy(dates, at('2026-03-20T12:00:00Z'), 10)).toBe(0)
    expect(isLate(effectiveDates(schedule, at('2026-03-05T12:00:00Z')), at('2026-03-02T12:00:00Z'))).toBe(
      false,
    )
  })
  it('an extension beyond the close keeps the lab open for that learner', () => {
    const dates = effectiveDates({ dueAt: due, closesAt: due }, at('2026-03-05T12:00:00Z'))
    expect(refusal(dates, at('2026-03-04T12:00:00Z'), 0)).toBeNull()
  })
})

describe('who may', () => {
  const nobody: Standing = { role: null, cohortRole: null, owner: false, inCourse: false }
  const stranger: Standing = { ...nobody, role: 'learner' }
  it('hides what a stranger may not know of, and forbids what a member knows', () => {
    expect(decide('cohort-member', nobody)).toBe('sign-in')
    expect(decide('cohort-member', stranger)).toBe('hide')
    expect(decide('cohort-staff', { ...stranger, cohortRole: 'learner' })).toBe('forbid')
    expect(decide('submission-reader', { ...stranger, cohortRole: 'learner' })).toBe('hide')
    expect(decide('submission-reader', { ...stranger, cohortRole: 'learner', owner: true })).toBe('allow')
    expect(decide('submission-reader', { ...stranger, cohortRole: 'assistant' })).toBe('allow')
    expect(decide('attempt-staff', { ...stranger, owner: true })).toBe('forbid')
  })
  it('an instructor elsewhere is no staff of this cohort', () => {
    expect(decide('cohort-staff', { ...stranger, role: 'instructor' })).toBe('hide')
    expect(decide('submission-reader', { ...stranger, role: 'instructor' })).toBe('hide')
  })
  it('a worker route is not for people, whoever they are', () => {
    expect(decide('worker', { ...stranger, role: 'admin' })).toBe('hide')
  })
})

it('calls a learner stuck after three attempts without a full score, while it is recent', () => {
  const now = new Date('2026-03-20T00:00:00Z')
  const lab = { attempts: 3, bestScore: 4, maxScore: 5, lastAt: new Date('2026-03-10T00:00:00Z') }
  expect(isStuck(lab, now)).toBe(true)
  expect(isStuck({ ...lab, attempts: 2 }, now)).toBe(false)
  expect(isStuck({ ...lab, bestScore: 5 }, now)).toBe(false)
  expect(isStuck({ ...lab, lastAt: new Date('2026-03-01T00:00:00Z') }, now)).toBe(false)
})

it('percentDone of nothing is 0', () => {
  expect(percentDone([])).toBe(0)
  expect(percentDone([{ status: 'done' }, { status: 'started' }, { status: 'untouched' }])).toBe(33)
})

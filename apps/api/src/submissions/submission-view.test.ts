import { describe, expect, test } from '@jest/globals'
import { checkView, finishedChecks, submissionView, type StoredSubmission } from './submission-view.js'

const open = { id: 'greets', title: 'It greets', points: 2, visibility: 'open', hint: 'Say hello.' } as const
const hidden = {
  id: 'names',
  title: 'It knows names',
  points: 3,
  visibility: 'hidden',
  hint: 'never told',
} as const
const finished = (id: string, status: 'passed' | 'failed' = 'failed') => ({
  id,
  status,
  points: status === 'passed' ? 2 : 0,
  message: 'expected "Hello, Ada"',
  staffNote: 'Traceback of the script',
  durationMs: 12,
})
const stored = (grading: Partial<StoredSubmission['grading']> = {}): StoredSubmission => ({
  id: '0190b5a0-0000-7000-8000-000000000001',
  cohort: '0190b5a0-0000-7000-8000-000000000002',
  lab: 'greet',
  learner: { id: '0190b5a0-0000-7000-8000-000000000003', name: 'Ada' },
  submittedAt: new Date('2026-01-02T03:04:05Z'),
  attempt: 2,
  late: false,
  definitions: [open, hidden],
  grading: {
    id: '0190b5a0-0000-7000-8000-000000000004',
    state: 'graded',
    secretHash: '',
    score: 2,
    queuedMs: 5,
    preparingMs: 6,
    gradingMs: 7,
    notice: null,
    staffNote: null,
    checks: [finished('names'), finished('greets', 'passed')],
    ...grading,
  },
})

describe('what a learner sees of a check', () => {
  test('of a hidden one: id, title, status and points, nothing else', () => {
    expect(Object.keys(checkView(hidden, finished('names'), 'learner')).sort()).toEqual([
      'id',
      'maxPoints',
      'points',
      'status',
      'title',
    ])
  })
  test('of an open one: message and duration, and the hint when it failed; never the note for staff', () => {
    const view = checkView(open, finished('greets'), 'learner')
    expect(view).toMatchObject({ message: 'expected "Hello, Ada"', hint: 'Say hello.', durationMs: 12 })
    expect(view).not.toHaveProperty('staffNote')
    expect(checkView(open, finished('greets', 'passed'), 'learner')).not.toHaveProperty('hint')
  })
  test('staff see messages and notes of hidden checks too', () => {
    expect(checkView(hidden, finished('names'), 'staff')).toMatchObject({
      message: 'expected "Hello, Ada"',
      staffNote: 'Traceback of the script',
    })
  })
})

describe('a submission', () => {
  test('lists its checks in the order of the lab', () => {
    expect(submissionView(stored(), 'learner', null).checks.map((check) => check.id)).toEqual([
      'greets',
      'names',
    ])
  })
  test('has a score only when graded, a place only when queued, a notice only in error', () => {
    const place = { position: 3, startsInSeconds: 15 }
    expect(submissionView(stored(), 'learner', place)).toMatchObject({ score: 2, maxScore: 5 })
    expect(submissionView(stored(), 'learner', place)).not.toHaveProperty('queuePosition')
    const queued = submissionView(stored({ state: 'queued', checks: [] }), 'learner', place)
    expect(queued).toMatchObject({ score: null, queuePosition: 3, startsInSeconds: 15 })
    const fault = { state: 'error', notice: 'Ours.', staffNote: 'disk full', score: null } as const
    expect(submissionView(stored(fault), 'learner', null).notice).toBe('Ours.')
    expect(submissionView(stored(fault), 'staff', null).notice).toContain('disk full')
  })
})

describe('reports of a worker', () => {
  const report = (id: string, partialPoints: number | null = null) => ({
    ...finished(id, 'passed'),
    partialPoints,
  })
  test('get their points from the lab', () => {
    expect(finishedChecks([open, hidden], [report('names', 100)])?.[0]?.points).toBe(3)
    expect(finishedChecks([open, hidden], [report('greets')])?.[0]?.points).toBe(2)
  })
  test('are refused when they name an unknown check, or one twice', () => {
    expect(finishedChecks([open], [report('names')])).toBeNull()
    expect(finishedChecks([open], [report('greets'), report('greets')])).toBeNull()
  })
})

import { describe, expect, it } from '@jest/globals'
import type { CheckStatus, Submission } from '@cooperage/contracts'
import { duration } from './duration.js'
import { summary } from './summary.js'

const check = (id: string, status: CheckStatus) => ({ id, title: id, status, points: 0, maxPoints: 1 })
const submission = (over: Partial<Submission>): Submission => ({
  id: '01900000-0000-7000-8000-000000000001',
  cohort: '01900000-0000-7000-8000-000000000002',
  lab: 'first',
  learner: { id: '01900000-0000-7000-8000-000000000003', name: 'Ada' },
  submittedAt: '2026-03-01T10:00:00Z',
  status: 'queued',
  score: null,
  maxScore: 3,
  checks: [],
  timings: { queuedMs: null, preparingMs: null, gradingMs: null },
  attempt: 1,
  late: false,
  ...over,
})

describe('the line that is read out', () => {
  it('says the place in the queue, and about when it starts', () => {
    const waiting = (queuePosition: number, startsInSeconds?: number) =>
      summary(
        submission({ queuePosition, ...(startsInSeconds === undefined ? {} : { startsInSeconds }) }),
        'queued',
        3,
      )
    expect(waiting(4)).toBe('4th in the queue')
    expect(waiting(3, 20)).toBe('3rd in the queue, about 20 s')
    expect(waiting(111, 150)).toBe('111th in the queue, about 2 min 30 s')
    expect(waiting(1022, 600)).toBe('1022nd in the queue, about 10 min')
    expect(summary(submission({}), 'queued', 3)).toBe('In the queue')
  })
  it('says the stage and how many checks are done', () => {
    const running = submission({ status: 'running', checks: [check('a', 'passed')] })
    expect(summary(running, 'exec', 3)).toBe('Running your files: 1 of 3 checks done')
    expect(summary(submission({ status: 'running' }), undefined, 3)).toBe('Grading')
  })
  it('says the score and what is amiss', () => {
    const graded = (score: number, ...statuses: CheckStatus[]) =>
      summary(
        submission({ status: 'graded', score, checks: statuses.map((status, n) => check(`c${n}`, status)) }),
        undefined,
        statuses.length,
      )
    expect(graded(3, 'passed', 'passed')).toBe('3 of 3 points. Every check passes.')
    expect(graded(1.25, 'passed', 'failed', 'skipped')).toBe('1.25 of 3 points. 1 check failed, 1 skipped.')
    expect(graded(0, 'failed', 'failed')).toBe('0 of 3 points. 2 checks failed.')
  })
})

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1840, '1.8 s'],
  [12_400, '12 s'],
  [125_000, '2 min 5 s'],
])('%i ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

import { describe, expect, test } from '@jest/globals'
import type { CheckReport, GradingProgress, Stage, SubmissionEvent } from '@cooperage/contracts'
import { gradingSecret, secretHash } from './grading-secret.js'
import { SubmissionFeed } from './submission-feed.js'
import type { StoredSubmission } from './submission-view.js'

const grading = '0190b5a0-0000-7000-8000-000000000004'
const secret = gradingSecret('a key', grading)
const stored = (over: Partial<StoredSubmission['grading']> = {}): StoredSubmission => ({
  id: '0190b5a0-0000-7000-8000-000000000001',
  cohort: '0190b5a0-0000-7000-8000-000000000002',
  lab: 'greet',
  learner: { id: '0190b5a0-0000-7000-8000-000000000003', name: 'Ada' },
  submittedAt: new Date('2026-01-02T03:04:05Z'),
  attempt: 1,
  late: false,
  definitions: [
    { id: 'one', title: 'One', points: 1, visibility: 'open' },
    { id: 'two', title: 'Two', points: 1, visibility: 'hidden' },
  ],
  grading: {
    id: grading,
    state: 'queued',
    secretHash: secretHash(secret),
    score: null,
    queuedMs: null,
    preparingMs: null,
    gradingMs: null,
    notice: null,
    staffNote: null,
    checks: [],
    ...over,
  },
})
const place = (position: number, startsInSeconds: number | null = null) => ({ position, startsInSeconds })
const report = (id: string): CheckReport => ({
  id,
  status: 'passed',
  partialPoints: null,
  message: 'said so',
  staffNote: null,
  durationMs: 1,
})
const progress = (stage: Stage, second: number, ...checks: string[]): GradingProgress => ({
  grading,
  secret,
  stage,
  at: `2026-01-02T03:04:${String(second).padStart(2, '0')}.000Z`,
  checks: checks.map(report),
})
const graded = () =>
  stored({
    state: 'graded',
    score: 2,
    checks: ['one', 'two'].map((id) => ({
      id,
      status: 'passed',
      points: 1,
      message: 'said so',
      staffNote: null,
      durationMs: 1,
    })),
  })

function reader() {
  const events: SubmissionEvent[] = []
  const feed = new SubmissionFeed('learner', (event) => events.push(event))
  const told = () =>
    events.map((event) => {
      if (event.event === 'stage')
        return `stage ${event.data.stage}${event.data.queuePosition ? ` ${event.data.queuePosition}` : ''}`
      if (event.event === 'check') return `check ${event.data.id}`
      return `${event.event} ${event.data.status}`
    })
  return { feed, events, told }
}

describe('the events of a submission', () => {
  test('tell each stage and each check once, and end with the verdict', () => {
    const { feed, told } = reader()
    feed.snapshot(stored(), place(2), null)
    feed.stored(stored(), place(1))
    feed.progress(progress('preparing', 1))
    feed.stored(stored({ state: 'running' }), null)
    feed.progress(progress('exec', 2))
    feed.progress(progress('exec', 3, 'one'))
    feed.progress(progress('exec', 3, 'one'))
    feed.progress(progress('script', 4, 'one', 'two'))
    feed.stored(graded(), null)
    feed.stored(graded(), null)
    feed.progress(progress('exec', 5, 'one'))
    expect(told()).toEqual([
      'snapshot queued',
      'stage queued 2',
      'stage queued 1',
      'stage preparing',
      'stage exec',
      'check one',
      'stage script',
      'check two',
      'verdict graded',
    ])
    expect(feed.ended).toBe(true)
  })

  test('say the place and about when it starts, and again only when either is another', () => {
    const { feed, events, told } = reader()
    feed.snapshot(stored(), place(3, 15), null)
    feed.moved(place(3, 15))
    feed.moved(place(3, 30))
    feed.moved(place(2, 30))
    feed.progress(progress('preparing', 1))
    feed.moved(place(1, 5))
    expect(told()).toEqual([
      'snapshot queued',
      'stage queued 3',
      'stage queued 3',
      'stage queued 2',
      'stage preparing',
    ])
    expect(events[0]?.data).toMatchObject({ queuePosition: 3, startsInSeconds: 15 })
    expect(events[2]?.data).toMatchObject({ queuePosition: 3, startsInSeconds: 30 })
    expect(events.at(-1)?.data).not.toHaveProperty('startsInSeconds')
  })

  test('a reader who comes late gets what is done with the snapshot, and goes on from there', () => {
    const { feed, events, told } = reader()
    feed.progress(progress('exec', 2, 'one'))
    feed.snapshot(stored(), place(1), progress('exec', 1))
    feed.progress(progress('script', 3, 'one', 'two'))
    expect(told()).toEqual(['snapshot running', 'stage exec', 'stage script', 'check two'])
    expect(events[0]?.data).toMatchObject({ checks: [{ id: 'one' }] })
    expect(events[0]?.data).not.toHaveProperty('queuePosition')
  })

  test('a reader of a finished one gets snapshot and verdict', () => {
    const { feed, told } = reader()
    feed.snapshot(graded(), null, progress('exec', 1))
    expect(told()).toEqual(['snapshot graded', 'verdict graded'])
  })

  test('what progress did not tell is told before the verdict', () => {
    const { feed, told } = reader()
    feed.snapshot(stored({ state: 'running' }), null, null)
    feed.stored(graded(), null)
    expect(told()).toEqual(['snapshot running', 'check one', 'check two', 'verdict graded'])
  })

  test('forged, foreign, old and impossible progress is ignored', () => {
    const { feed, told } = reader()
    feed.snapshot(stored({ state: 'running' }), null, progress('exec', 10))
    feed.progress({ ...progress('script', 11, 'one'), secret: 'f'.repeat(64) })
    feed.progress({ ...progress('script', 11, 'one'), grading: '0190b5a0-0000-7000-8000-00000000000f' })
    feed.progress(progress('script', 9, 'one'))
    feed.progress(progress('script', 11, 'three'))
    expect(told()).toEqual(['snapshot running', 'stage exec'])
  })

  test('a lost worker: queued again, and begun again', () => {
    const { feed, told } = reader()
    feed.snapshot(stored({ state: 'running' }), null, progress('exec', 10))
    feed.stored(stored(), place(1))
    feed.progress(progress('preparing', 5))
    expect(told()).toEqual(['snapshot running', 'stage exec', 'stage queued 1', 'stage preparing'])
  })

  test('a queued state read late does not undo what a worker said', () => {
    const { feed, told } = reader()
    feed.snapshot(stored(), place(1), null)
    feed.progress(progress('preparing', 1))
    feed.stored(stored(), place(1))
    expect(told()).toEqual(['snapshot queued', 'stage queued 1', 'stage preparing'])
  })

  test('nothing of a hidden check but its result reaches a learner', () => {
    const { feed, events } = reader()
    feed.snapshot(stored({ state: 'running' }), null, null)
    feed.progress(progress('exec', 1, 'one', 'two'))
    feed.stored(graded(), null)
    const text = JSON.stringify(events.filter((event) => event.event === 'check' && event.data.id === 'two'))
    expect(text).toContain('"two"')
    expect(text).not.toContain('said so')
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Problem, Schedule } from '@cooperage/contracts'
import { Stage, type Person } from './support/stage.js'
import { gradeByContent, report, TestWorker } from './support/test-worker.js'

jest.setTimeout(60_000)

let stage: Stage
let learner: Person
let instructor: Person
const hour = 3_600_000
const at = (ms: number) => new Date(Date.now() + ms).toISOString()

beforeAll(async () => {
  stage = await Stage.start()
})
beforeEach(async () => {
  // What the test before left waiting is none of this one's business.
  await stage.rows(`UPDATE grading SET state = 'cancelled' WHERE state IN ('queued', 'running')`)
  await stage.redis.empty()
  stage.cohort = await stage.addCohort()
  learner = await stage.addPerson()
  instructor = await stage.addPerson('instructor', 'instructor')
})
afterAll(() => stage[Symbol.asyncDispose]())

const path = () => `/cohorts/${stage.cohort}/labs/greet/submissions`
const files = [{ path: 'greet.sh', content: 'pass' }]
const schedule = (dates: Schedule) =>
  instructor.expect(200, 'PUT', `/cohorts/${stage.cohort}/labs/greet/schedule`, dates)
async function refused(by: Person, body: unknown = { files }): Promise<Problem & { status: number }> {
  const response = await by.send('POST', path(), body)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  return (await response.json()) as Problem
}
const stored = async () =>
  (
    await stage.rows<{ n: number }>('SELECT count(*)::int AS n FROM submission WHERE cohort_id = $1', [
      stage.cohort,
    ])
  )[0]?.n

describe('attempts', () => {
  test('of ten at once, three are taken when three are allowed', async () => {
    await schedule({ maxAttempts: 3 })
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await learner.send('POST', path(), { files })).status),
    )
    expect(statuses.filter((status) => status === 202)).toHaveLength(3)
    expect(statuses.filter((status) => status === 403)).toHaveLength(7)
    const rows = await stage.rows<{ attempt: number }>(
      'SELECT attempt FROM submission WHERE learner_id = $1 ORDER BY attempt',
      [learner.id],
    )
    expect(rows.map((row) => row.attempt)).toEqual([1, 2, 3])
    expect(await refused(learner)).toMatchObject({ status: 403, code: 'attempts_used_up' })
  })

  test('a fault gives the attempt back', async () => {
    await schedule({ maxAttempts: 1 })
    let faults = 1
    await using worker = new TestWorker(stage.redis.url, async (running) => {
      if (faults-- > 0) await running.send(running.fault('the engine'))
      else await gradeByContent(running)
    })
    await worker.beat()
    expect((await learner.verdict(await learner.submit())).status).toBe('error')
    const again = await learner.verdict(await learner.submit())
    expect(again).toMatchObject({ status: 'graded', attempt: 2 })
    expect(await refused(learner)).toMatchObject({ code: 'attempts_used_up' })
  })

  test('staff try a lab as often as they like', async () => {
    await schedule({ maxAttempts: 1, opensAt: at(hour) })
    for (let times = 0; times < 3; times++) await instructor.submit()
  })
})

describe('dates', () => {
  test('before it opens, after it closes, and late where late is refused', async () => {
    await schedule({ opensAt: at(hour) })
    expect(await refused(learner)).toMatchObject({ status: 403, code: 'lab_not_open' })
    await schedule({ closesAt: at(-1000) })
    expect(await refused(learner)).toMatchObject({ status: 403, code: 'lab_closed' })
    await schedule({ dueAt: at(-1000), late: { kind: 'refuse' } })
    expect(await refused(learner)).toMatchObject({ status: 403, code: 'lab_closed' })
    expect(await stored()).toBe(0)
  })

  test('a late one is marked, and counts what the late policy leaves', async () => {
    await schedule({ dueAt: at(-hour), late: { kind: 'penalty', percentPerDay: 20 } })
    await using worker = new TestWorker(stage.redis.url)
    await worker.beat()
    const verdict = await learner.verdict(await learner.submit())
    expect(verdict).toMatchObject({ late: true, score: 5 })
    const rows = await stage.rows('SELECT best_score, done FROM lab_progress WHERE user_id = $1', [
      learner.id,
    ])
    expect(rows).toEqual([{ best_score: 4, done: true }])
  })
})

describe('what is refused', () => {
  test.each([
    ['a path outside', [{ path: '../greet.sh', content: '' }], 422, 'validation_failed', 'files.0.path'],
    [
      'a path that the lab does not take',
      [{ path: 'other.sh', content: '' }],
      422,
      'path_not_allowed',
      'files.0.path',
    ],
    ['a path twice', [...files, ...files], 422, 'validation_failed', 'files.1.path'],
    [
      'a file that is a folder too',
      [
        { path: 'data/a', content: '' },
        { path: 'data/a/b', content: '' },
      ],
      422,
      'validation_failed',
      'files.0.path',
    ],
    [
      'bad base64',
      [{ path: 'greet.sh', content: 'a', encoding: 'base64' }],
      422,
      'validation_failed',
      'files.0.content',
    ],
    [
      'too many files',
      Array.from({ length: 201 }, (_, n) => ({ path: `data/${n}`, content: '' })),
      422,
      'too_many_files',
      'files',
    ],
    [
      'a large file',
      [{ path: 'greet.sh', content: 'x'.repeat((1 << 20) + 1) }],
      413,
      'file_too_large',
      'files.0.content',
    ],
    [
      'much in all',
      Array.from({ length: 5 }, (_, n) => ({ path: `data/${n}`, content: 'x'.repeat(1 << 20) })),
      413,
      'payload_too_large',
      'files',
    ],
  ])('%s', async (_name, wrong, status, code, where) => {
    const problem = await refused(learner, { files: wrong })
    expect(problem).toMatchObject({ status, code })
    expect(problem.errors?.[0]?.path).toBe(where)
    expect(await stored()).toBe(0)
  })

  test('files for a live lab', async () => {
    const response = await learner.send('POST', path().replace('greet', 'terminal'), { files })
    expect(response.status).toBe(409)
  })

  test('a lab that the hosts cannot grade yet; with no host in sight it is taken', async () => {
    const other = await stage.startReplica({ LABS_OFF_REASON: 'The sandbox does not hold here.' })
    const off = await learner.send('POST', path(), { files }, {}, other)
    expect([off.status, ((await off.json()) as Problem).detail]).toEqual([
      503,
      'The sandbox does not hold here.',
    ])
    await stage.stopReplica(other)
    {
      await using worker = new TestWorker(stage.redis.url, gradeByContent, { images: ['another-image'] })
      await worker.beat()
      expect(await refused(learner)).toMatchObject({ status: 503, code: 'lab_unavailable' })
    }
    expect(await stored()).toBe(0)
    await learner.submit()
    expect(await stored()).toBe(1)
  })
})

test('an Idempotency-Key makes one submission of many requests', async () => {
  const key = { 'idempotency-key': 'only-once' }
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => learner.send('POST', path(), { files }, key)),
  )
  const answers = await Promise.all(responses.map((response) => response.text()))
  expect(new Set(responses.map((response) => response.status))).toEqual(new Set([202]))
  expect(new Set(answers).size).toBe(1)
  expect(new Set(responses.map((response) => response.headers.get('location'))).size).toBe(1)
  expect(await stored()).toBe(1)
  const different = await learner.send('POST', path(), { files: [] }, key)
  expect(different.status).toBe(409)
  expect(await stored()).toBe(1)
})

describe('the queue is fair', () => {
  test("one learner's burst delays no other by more than one grading, and cohorts take turns", async () => {
    const greedy = learner
    const modest = await stage.addPerson()
    const [first, second] = [stage.cohort, await stage.addCohort()]
    const elsewhere = await stage.addPerson('learner', 'learner', second)
    const burst: string[] = []
    for (let count = 0; count < 8; count++) burst.push(await greedy.submit())
    const theirs = await modest.submit()
    const far = await elsewhere.submit('greet', 'pass', second)
    expect(await greedy.get(burst[7] as string)).toMatchObject({ queuePosition: 10 })
    const place = (await modest.get(theirs)).queuePosition
    expect(place).toBeLessThanOrEqual(3)

    await using worker = new TestWorker(stage.redis.url, gradeByContent, { slots: 1 })
    await worker.beat()
    await Promise.all([
      ...burst.map((one) => greedy.verdict(one)),
      modest.verdict(theirs),
      elsewhere.verdict(far),
    ])
    const order = worker.taken.map((job) => job.submission)
    expect(order.slice(0, 3).sort()).toEqual([burst[0], far, theirs].sort())
    expect(order.filter((id) => burst.includes(id))).toEqual(burst)
    expect(stage.cohort).toBe(first)
  })

  test('a learner has at most one grading at the workers', async () => {
    let most = 0
    await using worker = new TestWorker(
      stage.redis.url,
      async (running) => {
        const rows = await stage.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM grading WHERE learner_id = $1
              AND (state = 'running' OR (state = 'queued' AND dispatched_at IS NOT NULL))`,
          [learner.id],
        )
        most = Math.max(most, rows[0]?.n ?? 0)
        await running.send(running.graded([report('greets'), report('names')]))
      },
      { slots: 4 },
    )
    await worker.beat()
    const submissions: string[] = []
    for (let count = 0; count < 6; count++) submissions.push(await learner.submit())
    await Promise.all(submissions.map((submission) => learner.verdict(submission)))
    expect(most).toBe(1)
  })
})

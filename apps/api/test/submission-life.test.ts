import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Submission, SubmissionEvent } from '@cooperage/contracts'
import { Stage, type Person } from './support/stage.js'
import { report, TestWorker, type Running } from './support/test-worker.js'

jest.setTimeout(60_000)

let stage: Stage
let learner: Person
let instructor: Person

beforeAll(async () => {
  stage = await Stage.start()
  learner = await stage.addPerson()
  instructor = await stage.addPerson('instructor', 'instructor')
})
afterAll(() => stage[Symbol.asyncDispose]())

const names = (events: readonly SubmissionEvent[]) =>
  events.map((event) =>
    event.event === 'stage' ? event.data.stage : event.event === 'check' ? event.data.id : event.event,
  )

/** What must never reach a learner: of hidden checks, of staff's notes, of the lab's own files. */
const secrets = [
  'MESSAGE-OF-names',
  'NOTE-OF-',
  'HINT-OF-HIDDEN-CHECK',
  'EXPECTED-OUTPUT',
  'CONTENT-OF-A-CHECK',
  'SOLUTION-OF-LAB',
]

test('from a submission to a verdict that is stored, told live, and counted', async () => {
  await using worker = new TestWorker(stage.redis.url)
  await worker.beat()
  const response = await learner.send('POST', `/cohorts/${stage.cohort}/labs/greet/submissions`, {
    files: [
      { path: 'greet.sh', content: 'echo pass' },
      { path: 'data/bytes', content: 'AP8=', encoding: 'base64' },
    ],
  })
  expect(response.status).toBe(202)
  const accepted = (await response.json()) as { id: string; status: string }
  expect(response.headers.get('location')).toBe(`/api/v1/submissions/${accepted.id}`)
  expect(accepted.status).toBe('queued')

  const events = await learner.events(accepted.id)
  expect(events[0]?.event).toBe('snapshot')
  expect(events.at(-1)?.event).toBe('verdict')
  expect(events.filter((event) => event.event === 'verdict')).toHaveLength(1)
  const verdict = events.at(-1)?.data as Submission
  expect(verdict).toMatchObject({ status: 'graded', score: 5, maxScore: 5, attempt: 1, late: false })
  expect(verdict.timings.gradingMs).toBe(4)
  expect(verdict).not.toHaveProperty('queuePosition')
  expect(await learner.get(accepted.id)).toEqual(verdict)

  const [progress] = await stage.rows<object>(
    `SELECT attempts, best_score, max_score, done FROM lab_progress WHERE user_id = $1 AND lab = 'greet'`,
    [learner.id],
  )
  expect(progress).toEqual({ attempts: 1, best_score: 5, max_score: 5, done: true })
  const { files } = await learner.expect<{ files: unknown }>(200, 'GET', `/submissions/${accepted.id}/files`)
  expect(files).toEqual([
    { path: 'greet.sh', content: 'echo pass', encoding: 'utf8' },
    { path: 'data/bytes', content: 'AP8=', encoding: 'base64' },
  ])
  // What a reader who comes after the verdict gets.
  expect(names(await learner.events(accepted.id))).toEqual(['snapshot', 'verdict'])
})

describe('live events', () => {
  /** A worker that goes on only when the test says so. */
  function stepping() {
    const steps: (() => void)[] = []
    const waiters: (() => void)[] = []
    const step = () =>
      new Promise<void>((resolve) => {
        steps.push(resolve)
        waiters.shift()?.()
      })
    /** Resolves when the worker waits; lets it go on. */
    const go = async () => {
      if (steps.length === 0) await new Promise<void>((resolve) => waiters.push(resolve))
      steps.shift()?.()
    }
    return { step, go }
  }

  test('come in order, each once, and a late reader gets the rest after a snapshot of what was', async () => {
    const { step, go } = stepping()
    const greets = report('greets', 'failed')
    await using worker = new TestWorker(stage.redis.url, async (running: Running) => {
      await running.send(running.started())
      await step()
      await running.progress('preparing')
      await step()
      await running.progress('exec')
      await running.progress('exec', [greets])
      await step()
      await running.progress('script', [greets, report('names')])
      await step()
      await running.send(running.graded([greets, report('names')]))
    })
    await worker.beat()
    const submission = await learner.submit('greet', 'no')

    let late: Promise<SubmissionEvent[]> | null = null
    const early = await learner.events(submission, async (event) => {
      if (event.event === 'stage' && event.data.stage === 'queued') await go()
      if (event.event === 'stage' && event.data.stage === 'preparing' && !event.data.queuePosition) void go()
      if (event.event === 'check' && event.data.id === 'greets') {
        // Only now does the second reader come; the worker waits until it has its snapshot.
        late = learner.events(submission, (first) => (first.event === 'snapshot' ? go() : undefined))
      }
      if (event.event === 'check' && event.data.id === 'names') await go()
    })
    expect(names(early).filter((name) => name !== 'queued')).toEqual([
      'snapshot',
      'preparing',
      'exec',
      'greets',
      'script',
      'names',
      'verdict',
    ])
    const rest = (await late) as unknown as SubmissionEvent[]
    expect(names(rest)).toEqual(['snapshot', 'exec', 'script', 'names', 'verdict'])
    const [snapshot] = rest
    expect(snapshot).toMatchObject({ event: 'snapshot', data: { checks: [{ id: 'greets' }] } })
    expect(snapshot?.event === 'snapshot' && snapshot.data.checks).toHaveLength(1)
  })

  test('reach a reader at another replica', async () => {
    const other = await stage.startReplica()
    const { step, go } = stepping()
    await using worker = new TestWorker(stage.redis.url, async (running) => {
      await step()
      await running.progress('exec', [report('greets')])
      await step()
      await running.send(running.graded([report('greets'), report('names')]))
    })
    await worker.beat()
    const submission = await learner.submit()
    const events = await learner.events(
      submission,
      (event) => {
        if (event.event === 'snapshot' || event.event === 'check') void go()
      },
      other,
    )
    expect(names(events).slice(-3)).toEqual(['greets', 'names', 'verdict'])
    await stage.stopReplica(other)
  })

  test('are ended when the replica stops', async () => {
    const other = await stage.startReplica()
    const submission = await learner.submit()
    const events = await learner.events(
      submission,
      (event) => {
        if (event.event === 'snapshot') void stage.stopReplica(other)
      },
      other,
    )
    expect(names(events)).not.toContain('verdict')
    await using worker = new TestWorker(stage.redis.url)
    await worker.beat()
    await learner.verdict(submission)
  })

  test('are bounded for each person', async () => {
    const submission = await learner.submit()
    const open = new AbortController()
    const url = `${stage.replica.url}/api/v1/submissions/${submission}/events`
    const headers = { authorization: `Bearer ${learner.token}` }
    const responses = await Promise.all(
      Array.from({ length: 21 }, () => fetch(url, { headers, signal: open.signal })),
    )
    const refused = responses.filter((response) => response.status === 429)
    expect(refused).toHaveLength(1)
    expect(refused[0]?.headers.get('retry-after')).toBe('5')
    open.abort()
    await using worker = new TestWorker(stage.redis.url)
    await worker.beat()
    await stage.until(`SELECT 1 FROM grading WHERE submission_id = $1 AND state = 'graded'`, [submission])
  })
})

test('nothing of a hidden check but its result leaves to a learner, by any route; staff see it', async () => {
  await using worker = new TestWorker(stage.redis.url)
  await worker.beat()
  const submission = await learner.submit('greet', 'no')
  const events = await learner.events(submission)
  const cohort = `/cohorts/${stage.cohort}`
  const paths = [
    `/submissions/${submission}`,
    `/submissions/${submission}/files`,
    `/submissions/${submission}/events`,
    `${cohort}/labs/greet/submissions`,
    '/courses/grading/labs/greet',
    '/courses/grading',
    `/me/progress?cohort=${stage.cohort}`,
  ]
  const texts = await Promise.all(paths.map(async (path) => (await learner.send('GET', path)).text()))
  for (const text of [...texts, JSON.stringify(events)])
    for (const secret of secrets) expect(text).not.toContain(secret)
  expect(texts[0]).toContain('MESSAGE-OF-greets')
  expect(texts[0]).toContain('HINT-OF-OPEN-CHECK')
  const hidden = (await learner.get(submission)).checks.find((check) => check.id === 'names')
  expect(hidden).toEqual({ id: 'names', title: 'It knows names', status: 'passed', points: 3, maxPoints: 3 })

  const seen = await instructor.get(submission)
  expect(seen.checks[1]).toMatchObject({ message: 'MESSAGE-OF-names', staffNote: 'NOTE-OF-names' })
})

test('whose submission it is decides who sees it', async () => {
  const stranger = await stage.addPerson()
  const elsewhere = await stage.addPerson('learner', 'learner', await stage.addCohort())
  await learner.submit()
  const submission = await learner.submit()
  for (const path of ['', '/files']) {
    for (const other of [stranger, elsewhere])
      expect((await other.send('GET', `/submissions/${submission}${path}`)).status).toBe(404)
    expect((await instructor.send('GET', `/submissions/${submission}${path}`, undefined)).status).toBe(200)
  }
  expect((await learner.send('POST', `/submissions/${submission}/regrade`)).status).toBe(403)
  const list = `/cohorts/${stage.cohort}/labs/greet/submissions`
  const theirs = await stranger.expect<{ items: unknown[] }>(200, 'GET', list)
  expect(theirs.items).toEqual([])
  expect((await stranger.send('GET', `${list}?learner=${learner.id}`)).status).toBe(403)
  expect((await elsewhere.send('GET', list)).status).toBe(404)
  const all = await instructor.expect<{ items: { id: string }[] }>(
    200,
    'GET',
    `${list}?learner=${learner.id}`,
  )
  expect(all.items[0]?.id).toBe(submission)
  const first = await instructor.expect<{ items: { id: string }[]; nextCursor: string }>(
    200,
    'GET',
    `${list}?limit=1`,
  )
  const second = await instructor.expect<{ items: { id: string }[] }>(
    200,
    'GET',
    `${list}?limit=1&cursor=${first.nextCursor}`,
  )
  expect(second.items[0]?.id).not.toBe(first.items[0]?.id)
  await using worker = new TestWorker(stage.redis.url)
  await worker.beat()
  await learner.verdict(submission)
})

test('a fault costs no attempt, and staff see the reason', async () => {
  const unlucky = await stage.addPerson()
  await using worker = new TestWorker(stage.redis.url, async (running) => {
    await running.send(running.fault('the engine is on fire', [report('greets')]))
  })
  await worker.beat()
  const submission = await unlucky.submit()
  const verdict = await unlucky.verdict(submission)
  expect(verdict).toMatchObject({ status: 'error', score: null })
  expect(verdict.notice).toContain('cost you no attempt')
  expect(verdict.notice).not.toContain('fire')
  expect((await instructor.get(submission)).notice).toContain('the engine is on fire')
  const [progress] = await stage.rows(
    `SELECT attempts, best_score, done FROM lab_progress WHERE user_id = $1`,
    [unlucky.id],
  )
  expect(progress).toEqual({ attempts: 0, best_score: null, done: false })
})

test('a verdict without one of the checks, or with one in error, is a fault of the lab', async () => {
  const unlucky = await stage.addPerson()
  for (const checks of [[report('greets')], [report('greets'), report('names', 'error')]]) {
    await using worker = new TestWorker(stage.redis.url, async (running) => {
      await running.send(running.graded(checks))
    })
    await worker.beat()
    expect(await unlucky.verdict(await unlucky.submit())).toMatchObject({ status: 'error', score: null })
  }
})

test('a regrade counts from its verdict on', async () => {
  const someone = await stage.addPerson()
  const grade = (status: 'passed' | 'failed') => async (running: Running) => {
    await running.send(running.graded([report('greets', status), report('names')]))
  }
  const best = async () => {
    const rows = await stage.rows<{ best_score: number; done: boolean }>(
      `SELECT best_score, done FROM lab_progress WHERE user_id = $1`,
      [someone.id],
    )
    return rows[0]
  }
  const submission = await someone.submit()
  {
    await using worker = new TestWorker(stage.redis.url, grade('passed'))
    await worker.beat()
    expect((await someone.verdict(submission)).score).toBe(5)
  }
  const regrade = await instructor.send('POST', `/submissions/${submission}/regrade`)
  expect(regrade.status).toBe(202)
  expect((await instructor.send('POST', `/submissions/${submission}/regrade`)).status).toBe(409)
  expect(await best()).toEqual({ best_score: 5, done: true })
  await using worker = new TestWorker(stage.redis.url, grade('failed'))
  await worker.beat()
  expect(await someone.verdict(submission)).toMatchObject({ status: 'graded', score: 3, attempt: 1 })
  expect(await best()).toEqual({ best_score: 3, done: false })
})

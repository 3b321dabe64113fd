import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { gradingJobId, queuePrefix, queues, type Submission } from '@cooperage/contracts'
import { Queue } from 'bullmq'
import { Stage, type Person } from './support/stage.js'
import { gradeByContent, report, TestWorker, type Running } from './support/test-worker.js'

jest.setTimeout(120_000)

let stage: Stage
let learners: Person[]

beforeAll(async () => {
  stage = await Stage.start()
})
beforeEach(async () => {
  learners = []
  for (let count = 0; count < 20; count++) learners.push(await stage.addPerson())
})
afterAll(() => stage[Symbol.asyncDispose]())

/** Every one of these submissions has one graded grading with its checks, counted once. */
async function expectOneVerdictEach(submissions: readonly string[]): Promise<void> {
  const rows = await stage.rows<{
    gradings: number
    state: string
    checks: number
    attempts: number
    best: number
  }>(
    `SELECT count(*)::int AS gradings, max(g.state) AS state,
            (SELECT count(*)::int FROM check_result c WHERE c.grading_id = s.counted_grading_id) AS checks,
            max(p.attempts) AS attempts, max(p.best_score) AS best
       FROM submission s JOIN grading g ON g.submission_id = s.id
       JOIN lab_progress p ON p.user_id = s.learner_id AND p.lab = s.lab
      WHERE s.id = ANY($1) GROUP BY s.id`,
    [submissions],
  )
  expect(rows).toHaveLength(submissions.length)
  for (const row of rows)
    expect(row).toEqual({ gradings: 1, state: 'graded', checks: 2, attempts: 1, best: 5 })
}

const submitAll = () => Promise.all(learners.map((learner) => learner.submit()))
const verdicts = (submissions: readonly string[]): Promise<Submission[]> =>
  Promise.all(submissions.map((submission, index) => (learners[index] as Person).verdict(submission)))
const someRun = () => stage.until(`SELECT 1 FROM grading WHERE state = 'running'`)

/** A worker that begins and never ends, as one that was killed. */
const begin = async (running: Running) => {
  await running.send(running.started())
  await new Promise(() => undefined)
}

/** A look into a queue of the API's. */
class ClosingQueue implements AsyncDisposable {
  readonly queue: Queue
  readonly #redis
  constructor(name: string) {
    this.#redis = stage.redis.client()
    this.queue = new Queue(name, { connection: this.#redis, prefix: queuePrefix, skipVersionCheck: true })
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue.close()
    this.#redis.disconnect()
  }
}

describe('while twenty are queued and running', () => {
  test('a Redis that lost everything loses none of them', async () => {
    const submissions = await submitAll()
    const told = verdicts(submissions)
    {
      await using stuck = new TestWorker(stage.redis.url, begin, { slots: 4 })
      await stuck.beat()
      await someRun()
      await stage.redis.empty()
    }
    await using worker = new TestWorker(stage.redis.url, gradeByContent, { slots: 4 })
    await worker.beat()
    expect((await told).map((verdict) => verdict.score)).toEqual(Array(20).fill(5))
    await expectOneVerdictEach(submissions)
  })

  test('a Redis emptied again and again under a worker that goes on loses none and doubles none', async () => {
    let graded = 0
    await using worker = new TestWorker(
      stage.redis.url,
      async (running) => {
        await gradeByContent(running)
        graded += 1
        if (graded === 3 || graded === 9) await stage.redis.empty()
      },
      { slots: 2 },
    )
    await worker.beat()
    const submissions = await submitAll()
    await verdicts(submissions)
    await expectOneVerdictEach(submissions)
  })

  test('a Redis that stops and comes back empty: they are taken meanwhile, and graded after', async () => {
    await stage.redis.stop()
    const submissions = await submitAll()
    const told = verdicts(submissions)
    expect(await (learners[0] as Person).get(submissions[0] as string)).toMatchObject({ status: 'queued' })
    await stage.redis.start()
    await using worker = new TestWorker(stage.redis.url, gradeByContent, { slots: 4 })
    await worker.beat()
    expect((await told).map((verdict) => verdict.status)).toEqual(Array(20).fill('graded'))
    await expectOneVerdictEach(submissions)
  })

  test('a worker that dies in the middle: another one takes over', async () => {
    const submissions = await submitAll()
    const told = verdicts(submissions)
    {
      await using killed = new TestWorker(stage.redis.url, begin, { slots: 4, name: 'killed' })
      await killed.beat()
      await someRun()
    }
    await using worker = new TestWorker(stage.redis.url, gradeByContent, { slots: 4, name: 'other' })
    await worker.beat()
    await told
    await expectOneVerdictEach(submissions)
    const rows = await stage.rows(
      `SELECT 1 FROM grading WHERE submission_id = ANY($1) AND worker <> 'other'`,
      [submissions],
    )
    expect(rows).toEqual([])
  })

  test('two replicas of the API hand each over once and store each once', async () => {
    const other = await stage.startReplica()
    await using worker = new TestWorker(stage.redis.url, gradeByContent, { slots: 4 })
    await worker.beat()
    const submissions = await submitAll()
    await verdicts(submissions)
    await expectOneVerdictEach(submissions)
    expect(worker.taken).toHaveLength(20)
    await stage.stopReplica(other)
  })
})

test('a replica that died between storing and handing over: another one does it', async () => {
  const learner = learners[0] as Person
  // The database as such a death leaves it: marked as handed over, and no job anywhere.
  const submission = await learner.submit()
  await using gradings = new ClosingQueue(queues.gradings)
  const [grading] = await stage.rows<{ id: string }>(`SELECT id FROM grading WHERE submission_id = $1`, [
    submission,
  ])
  await stage.until(`SELECT 1 FROM grading WHERE submission_id = $1 AND dispatched_at IS NOT NULL`, [
    submission,
  ])
  const job = gradingJobId(submission, (grading as { id: string }).id)
  for (let tries = 0; tries < 100 && !(await gradings.queue.getJob(job)); tries++)
    await learner.get(submission)
  await gradings.queue.remove(job)
  await stage.until(`SELECT 1 FROM grading WHERE submission_id = $1 AND faults = 1`, [submission])
  await using worker = new TestWorker(stage.redis.url)
  await worker.beat()
  expect(await learner.verdict(submission)).toMatchObject({ status: 'graded', score: 5 })
})

test('a grading that is lost for ever ends in an error that costs nothing', async () => {
  const learner = learners[0] as Person
  const submission = await learner.submit()
  await stage.rows(`UPDATE grading SET faults = 10, dispatched_at = now() WHERE submission_id = $1`, [
    submission,
  ])
  await stage.redis.empty()
  expect(await learner.verdict(submission)).toMatchObject({ status: 'error', score: null })
})

test('a database that fails while a result is stored: the result comes again until it is', async () => {
  const learner = learners[0] as Person
  await stage.rows(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$`,
  )
  await stage.rows(`CREATE TRIGGER refuse BEFORE INSERT ON check_result EXECUTE FUNCTION refuse()`)
  await using worker = new TestWorker(stage.redis.url)
  await worker.beat()
  const submission = await learner.submit()
  await using results = new ClosingQueue(queues.results)
  // It was tried, and waits to be tried again.
  for (let tries = 0; tries < 200 && (await results.queue.getDelayedCount()) === 0; tries++)
    await learner.get(submission)
  expect(await learner.get(submission)).toMatchObject({ status: 'running' })
  await stage.rows('DROP TRIGGER refuse ON check_result')
  expect(await learner.verdict(submission)).toMatchObject({ status: 'graded', score: 5 })
  expect(worker.taken.filter((job) => job.submission === submission)).toHaveLength(1)
})

test('results that are forged, foreign, repeated, late, oversized or unreadable change nothing', async () => {
  const [honest, other] = learners as [Person, Person]
  const seen: { forged: Running[] } = { forged: [] }
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await using worker = new TestWorker(stage.redis.url, async (running) => {
    seen.forged.push(running)
    await running.send(running.started())
    await held
    await running.send(running.graded([report('greets', 'failed'), report('names', 'failed')]))
  })
  await worker.beat()
  const mine = await honest.submit()
  const theirs = await other.submit()
  await stage.until(
    `SELECT 1 FROM (SELECT count(*) AS n FROM grading WHERE submission_id = ANY($1) AND state = 'running') r WHERE n = 2`,
    [[mine, theirs]],
  )
  const [first, second] = seen.forged as [Running, Running]
  const full = [report('greets'), report('names')]
  const good = first.graded(full)
  const forged: unknown[] = [
    { ...good, secret: 'f'.repeat(64) },
    { ...good, secret: second.job.secret },
    { ...good, submission: second.job.submission },
    { ...good, grading: second.job.grading },
    { ...good, grading: '0190b5a0-0000-7000-8000-000000000000' },
    { ...good, extra: true },
    { ...good, kind: 'perfect' },
    { ...good, checks: [...full, report('invented')] },
    { ...good, checks: [report('greets'), report('greets'), report('names')] },
    { ...good, checks: [report('greets', 'passed', { message: 'm'.repeat(5000) }), report('names')] },
    { ...good, checks: Array.from({ length: 101 }, () => report('greets')) },
    { ...good, checks: [report('greets', 'passed', { partialPoints: 1e9 }), report('names')] },
    { ...good, score: 1000, gradingMs: -1 },
    { ...good, preparingMs: 1e12 },
    { ...first.fault('x'.repeat(5000)) },
    { ...first.fault('no'), secret: '' },
    'not even an object',
    null,
    42,
    [],
    { __proto__: null, kind: 'graded' },
    { big: 'x'.repeat(3 << 20) },
  ]
  const before = await stage.rows(`SELECT * FROM grading WHERE submission_id = ANY($1) ORDER BY id`, [
    [mine, theirs],
  ])
  for (const message of forged) await worker.results.add('result', message, { removeOnComplete: true })
  await rawResult()
  await drained()
  expect(
    await stage.rows(`SELECT * FROM grading WHERE submission_id = ANY($1) ORDER BY id`, [[mine, theirs]]),
  ).toEqual(before)

  release()
  expect((await honest.verdict(mine)).score).toBe(0)
  await other.verdict(theirs)
  const after = () =>
    stage.rows(
      `SELECT g.*, p.*, (SELECT jsonb_agg(c ORDER BY c.check_id) FROM check_result c WHERE c.grading_id = g.id) AS checks
         FROM grading g JOIN lab_progress p ON p.user_id = g.learner_id WHERE g.submission_id = ANY($1) ORDER BY g.id`,
      [[mine, theirs]],
    )
  const stored = await after()
  // With the right secret, and too late.
  for (const message of [good, good, first.started(), first.fault('late')]) await first.send(message)
  await drained()
  expect(await after()).toEqual(stored)

  /** What BullMQ itself cannot read: a job whose data is not JSON, and one that is only an id. */
  async function rawResult(): Promise<void> {
    const redis = stage.redis.client()
    const prefix = `${queuePrefix}:${queues.results}`
    await redis.hset(`${prefix}:broken`, { name: 'result', data: '{"', opts: '{', timestamp: 'x' })
    await redis.lpush(`${prefix}:wait`, 'broken', 'nothing-there')
    await redis.xadd(`${prefix}:events`, '*', 'event', 'completed', 'jobId', '1', 'returnvalue', '{"')
    await redis.xadd(
      `${queuePrefix}:${queues.gradings}:events`,
      '*',
      'event',
      'progress',
      'jobId',
      '1',
      'data',
      '{"',
    )
    redis.disconnect()
  }
  async function drained(): Promise<void> {
    await worker.results.add('result', { kind: 'the last' }, { removeOnComplete: true })
    for (let tries = 0; tries < 200; tries++) {
      const counts = await worker.results.getJobCounts('wait', 'delayed')
      if (counts.wait === 0 && counts.delayed === 0) return
      await honest.get(mine)
    }
    throw new Error('the results were not read')
  }
})

test('what a worker learned still arrives after unreadable entries in Redis', async () => {
  const learner = learners[0] as Person
  await using worker = new TestWorker(stage.redis.url)
  await worker.beat()
  const events = await learner.events(await learner.submit())
  expect(events.at(-1)).toMatchObject({ event: 'verdict', data: { score: 5 } })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { GradingProgress, WorkerHeartbeat, workersKey, type GradingJob } from '@cooperage/contracts'
import { until, WorkerLab, type WorkerProcess } from './worker-lab.js'

jest.setTimeout(180_000)
let lab: WorkerLab
beforeAll(async () => {
  lab = await WorkerLab.open()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

const trivial = () => lab.addLab({ checks: [{ id: 'says', exec: { run: ['cat', 'word'], stdout: 'hi\n' } }] })
/** Runs until the test has seen it, and then some. */
const slow = () =>
  lab.addLab({
    checks: [{ id: 'slow', exec: { run: ['sleep', '6'], timeoutSeconds: 20 } }],
    timeoutSeconds: 30,
  })
const running = (job: GradingJob) =>
  until('the grading runs', () =>
    Promise.resolve(
      lab.progress.some((data) => {
        const progress = GradingProgress.safeParse(data)
        return progress.success && progress.data.grading === job.grading && progress.data.stage === 'exec'
      }),
    ),
  )
const noJobs = () =>
  until('no job is left', async () => {
    const counts = await lab.gradings.getJobCounts()
    return Object.values(counts).every((count) => count === 0)
  })

describe('a worker', () => {
  let worker: WorkerProcess
  beforeEach(async () => {
    worker = await lab.startWorker()
  })
  afterEach(async () => {
    expect(await worker.stop()).toBe(0)
    expect(await lab.engine.owners()).toEqual([])
  })

  test('grades a submission, tells of it, and leaves no job behind', async () => {
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    const verdict = await lab.verdict(job)
    expect(verdict).toMatchObject({
      kind: 'graded',
      submission: job.submission,
      secret: job.secret,
      checks: [{ id: 'says', status: 'passed', partialPoints: null }],
    })
    expect(lab.finals(job)).toHaveLength(1)
    await noJobs()
    const wrong = await lab.submit(trivial(), { word: 'ho\n' })
    expect(await lab.verdict(wrong)).toMatchObject({ kind: 'graded', checks: [{ status: 'failed' }] })
    const secrets = [job.secret, wrong.secret, 'a-worker-token-of-the-tests']
    for (const secret of secrets) expect(worker.log()).not.toContain(secret)
  })

  test('tells that it started what takes its time', async () => {
    const check = { id: 'slow', exec: { run: ['sleep', '1'] } }
    const job = await lab.submit(lab.addLab({ checks: [check] }))
    await lab.verdict(job)
    const kinds = lab.results.filter((message) => message.grading === job.grading).map(({ kind }) => kind)
    expect(kinds).toEqual(['started', 'graded'])
  })

  test('tells of itself: what it can, what it does, which images it has', async () => {
    const [entry] = await lab.redis.hvals(workersKey)
    const beat = WorkerHeartbeat.parse(JSON.parse(entry ?? ''))
    expect(beat).toMatchObject({ slots: 2, off: null })
    await until('the image is known', async () => {
      const [later] = await lab.redis.hvals(workersKey)
      return WorkerHeartbeat.parse(JSON.parse(later ?? '')).images.includes(lab.engine.image)
    })
  })

  test('drops a job that it cannot read', async () => {
    await lab.gradings.add('grade', { submission: 'x', files: '../..' }, { jobId: 'bad', removeOnFail: true })
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded' })
    await noJobs()
    expect(worker.log()).toContain('cannot be read')
  })

  test('waits for an API that is away, and gives up on a lab that is not there', async () => {
    lab.refusal = 503
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    await until('it waits', async () => (await lab.gradings.getActiveCount()) === 1)
    lab.refusal = null
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded' })
    const unknown = await lab.submit('f'.repeat(64))
    expect(await lab.verdict(unknown)).toMatchObject({
      kind: 'fault',
      reason: expect.stringContaining('404'),
    })
  })

  test('tries a script that is broken twice, then says whose fault it is', async () => {
    const broken = lab.addLab(
      { checks: [{ id: 'broken', script: 'checks/broken.sh' }] },
      { 'checks/broken.sh': 'echo oops >&2; exit 3' },
    )
    const verdict = await lab.verdict(await lab.submit(broken))
    expect(verdict).toMatchObject({ kind: 'fault', checks: [{ id: 'broken', status: 'error' }] })
    expect(verdict.kind === 'fault' && verdict.reason).toContain('broken')
    expect(worker.log().match(/a grading had a fault/g)).toHaveLength(2)
  })

  test('loses nothing to a Redis that is emptied under it', async () => {
    const job = await lab.submit(slow())
    await running(job)
    await lab.redis.flushall()
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded', checks: [{ status: 'passed' }] })
    const next = await lab.submit(trivial(), { word: 'hi\n' })
    expect(await lab.verdict(next)).toMatchObject({ kind: 'graded' })
    expect(lab.finals(job)).toHaveLength(1)
    await until('its heartbeat is back', async () => (await lab.redis.hlen(workersKey)) === 1)
  })

  test('brings its result when Redis is back', async () => {
    const job = await lab.submit(slow())
    await running(job)
    await lab.redisServer.end()
    await until('the grading is over', () => Promise.resolve(worker.log().includes('ECONNREFUSED')))
    await lab.redisServer.run()
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded', checks: [{ status: 'passed' }] })
  })
})

describe('a worker that stops', () => {
  test('puts back what it cannot end, for another to do', async () => {
    const worker = await lab.startWorker()
    const long = lab.addLab({
      checks: [{ id: 'long', exec: { run: ['sleep', '12'], timeoutSeconds: 20 } }],
      timeoutSeconds: 30,
    })
    const job = await lab.submit(long)
    await running(job)
    expect(await worker.stop()).toBe(0)
    expect(await lab.engine.owners()).toEqual([])
    expect(await lab.redis.hlen(workersKey)).toBe(0)
    expect(lab.finals(job)).toEqual([])
    const other = await lab.startWorker()
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded' })
    await other.stop()
  })

  test('says which variable is missing, and ends with 1', async () => {
    await expect(lab.startWorker({ API_URL: 'not an address' })).rejects.toThrow(/API_URL/)
  })
})

test('has containers ready of what open labs need, and no more than it may', async () => {
  const limits = { memoryMb: 96, cpus: 0.5, pids: 64, diskMb: 32 }
  lab.openLabs = { kinds: [{ imageTag: lab.engine.image, limits, exec: true, script: true, labs: 2 }] }
  const worker = await lab.startWorker({ LAB_WARM_MAX: '3' })
  const kinds = async () => (await lab.engine.owners()).map(({ kind }) => kind).sort()
  await until('they are there', async () => (await kinds()).length === 3)
  expect(await kinds()).toEqual(['grader', 'learner', 'learner'])
  lab.openLabs = { kinds: [] }
  expect(await worker.stop()).toBe(0)
})

test('runs no more at once than the host is to hold', async () => {
  const worker = await lab.startWorker({ LAB_MEMORY_MB: '300' })
  const brief = lab.addLab({ checks: [{ id: 'brief', exec: { run: ['sleep', '1'] } }] })
  const jobs = [await lab.submit(brief), await lab.submit(brief)]
  const runs = await Promise.all(
    jobs.map(async (job) => {
      const verdict = await lab.verdict(job)
      const exec = lab.progress
        .map((data) => GradingProgress.parse(data))
        .find(({ grading, stage }) => grading === job.grading && stage === 'exec')
      const begins = Date.parse(exec?.at ?? '')
      return { begins, ends: begins + (verdict.checks[0]?.durationMs ?? NaN) }
    }),
  )
  expect(await worker.stop()).toBe(0)
  const [first, second] = runs.sort((one, other) => one.begins - other.begins)
  expect(second?.begins).toBeGreaterThanOrEqual(first?.ends ?? NaN)
})

describe('a worker that is killed', () => {
  test('loses nothing: another does its grading once, and its containers are gone within a minute', async () => {
    const quiet = await lab.engine.host.traces()
    const killed = await lab.startWorker()
    const job = await lab.submit(slow())
    await running(job)
    await killed.stop('SIGKILL')
    const at = Date.now()
    const left = (await lab.engine.owners()).length
    expect(left).toBeGreaterThan(0)
    const other = await lab.startWorker()
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded', checks: [{ status: 'passed' }] })
    const [beat] = Object.values(await lab.redis.hgetall(workersKey))
      .map((entry) => WorkerHeartbeat.parse(JSON.parse(entry)))
      .sort((a, b) => b.at.localeCompare(a.at))
    await until(
      'the dead worker’s containers are gone',
      async () => (await lab.engine.owners()).every(({ worker }) => worker === beat?.worker),
      60_000 - (Date.now() - at),
    )
    expect(lab.finals(job)).toHaveLength(1)
    await other.stop()
    expect(await lab.engine.owners()).toEqual([])
    const { contained, keepers, mounts } = await lab.engine.host.traces()
    expect([contained, keepers, mounts.filter((mount) => !quiet.mounts.includes(mount))]).toEqual([
      [],
      [],
      [],
    ])
  })
})

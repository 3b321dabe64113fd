/** The sandbox's self-test: a worker takes jobs when its host has passed, or an admin has accepted that it has not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { SelfTestReport, SelfTestRow } from '@cooperage/contracts'
import { until, WorkerLab, type WorkerProcess } from './worker-lab.js'

jest.setTimeout(240_000)
let lab: WorkerLab
let worker: WorkerProcess
beforeAll(async () => {
  lab = await WorkerLab.open()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})
beforeEach(() => {
  lab.reports.length = 0
  lab.accepted.clear()
  lab.fullTestRequested = false
  lab.ordersRefusal = null
})
afterEach(async () => {
  expect(await worker.stop()).toBe(0)
  expect(await lab.engine.owners()).toEqual([])
})

const trivial = () => lab.addLab({ checks: [{ id: 'says', exec: { run: ['cat', 'word'], stdout: 'hi\n' } }] })
const isOn = () => until('it takes jobs', async () => (await lab.beat()).off === null)
const isOff = () => until('labs are off', async () => (await lab.beat()).off?.cause === 'self-test')
const scopes = () => lab.reports.map(({ scope }) => scope)
const row = (id: string, verdict: SelfTestRow['verdict']): SelfTestRow => ({
  id,
  tried: `Trying ${id}`,
  happened: 'It got through.',
  stoppedBy: 'a fence',
  verdict,
  matters: true,
  durationMs: 1,
})
/** As another worker of the host, or this one before it was started again, has reported. */
const earlier = (...rows: SelfTestRow[]): SelfTestReport => ({
  scope: 'full',
  host: { id: 'h', name: 'h', engine: 'e' },
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:01:00Z',
  rows,
  notes: [],
})

describe('on a host where it holds', () => {
  test('the quick part is reported before the first job is taken', async () => {
    worker = await lab.startWorker()
    expect(scopes()).toEqual(['quick'])
    const [report] = lab.reports
    expect(report?.rows.length).toBeGreaterThan(0)
    expect(report?.rows.filter(({ verdict }) => verdict !== 'held')).toEqual([])
    expect((await lab.beat()).host).toBe(report?.host.id)
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded', checks: [{ status: 'passed' }] })
  })

  test.each([
    ['is away', 503],
    ['knows no reports', 404],
  ])('an API that %s keeps nobody from working', async (_, status) => {
    lab.ordersRefusal = status
    worker = await lab.startWorker()
    expect(lab.reports).toEqual([])
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded' })
    const asked = lab.ordersAsked
    lab.ordersRefusal = null
    if (status === 503) await until('the report is there', () => Promise.resolve(lab.reports.length === 1))
    else await until('it asks again', () => Promise.resolve(lab.ordersAsked > asked))
  })

  test('a full one is carried out when an admin asks, once, and jobs go on', async () => {
    worker = await lab.startWorker()
    lab.fullTestRequested = true
    await until('the host is attacked', async () =>
      (await lab.engine.owners()).some(({ pod }) => pod.startsWith('self-test')),
    )
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded' })
    expect(scopes()).toEqual(['quick'])
    await until('the full report is there', () => Promise.resolve(lab.reports.length === 2), 120_000)
    const [quick, full] = lab.reports
    expect(full?.scope).toBe('full')
    expect(full?.rows.length).toBeGreaterThan(quick?.rows.length ?? Infinity)
    expect(full?.rows.filter(({ matters, verdict }) => matters && verdict !== 'held')).toEqual([])
    const asked = lab.ordersAsked
    await until('it has asked twice more', () => Promise.resolve(lab.ordersAsked > asked + 1))
    expect(lab.reports).toHaveLength(2)
    // Nor did the reaper take anything from under it.
    expect(worker.log()).not.toContain('belonged to nobody')
  })
})

describe('what the API says', () => {
  test('of an earlier full test keeps labs off, until another full test or an admin says otherwise', async () => {
    lab.reports.push(earlier(row('gone', 'broken')))
    worker = await lab.startWorker({}, ({ off }) => off?.cause === 'self-test')
    expect((await lab.beat()).off?.reason).toBe(
      'the sandbox self-test failed: Trying gone (gone); an admin can see it under Lab hosts',
    )
    const job = await lab.submit(trivial(), { word: 'hi\n' })
    // The quick part does not have that row: the full one is carried out without being asked for.
    await until('the full report is there', () => Promise.resolve(scopes().at(-1) === 'full'), 120_000)
    expect(scopes()).toEqual(['full', 'quick', 'full'])
    expect(lab.finals(job)).toEqual([])
    await isOff()
    lab.accepted.add('gone')
    await isOn()
    expect(await lab.verdict(job)).toMatchObject({ kind: 'graded' })
    lab.accepted.clear()
    await isOff()
    const waiting = await lab.submit(trivial(), { word: 'hi\n' })
    lab.accepted.add('gone')
    expect(await lab.verdict(waiting)).toMatchObject({ kind: 'graded' })
  })
})

test('a stop in the middle of it leaves nothing behind', async () => {
  worker = await lab.startWorker({}, ({ off }) => off?.cause === 'testing')
  // `afterEach` looks at what is left.
  await until('the host is attacked', async () => (await lab.engine.owners()).length > 0)
})

// An engine that is given has them, or it is not the test's to say.
const own = process.env.COOPERAGE_TEST_DOCKER_HOST === undefined ? describe : describe.skip
own('on a host without user namespaces', () => {
  let weak: WorkerLab
  beforeAll(async () => {
    weak = await WorkerLab.open({ userNamespaces: false })
  })
  afterAll(async () => {
    await weak[Symbol.asyncDispose]()
  })
  const trivialOf = (there: WorkerLab) =>
    there.addLab({ checks: [{ id: 'says', exec: { run: ['cat', 'word'], stdout: 'hi\n' } }] })

  test('no job is taken until an admin accepts the risk by name, also when the API is away', async () => {
    weak.ordersRefusal = 503
    worker = await weak.startWorker({}, ({ off }) => off?.cause === 'self-test')
    expect((await weak.beat()).off?.reason).toMatch(
      /^the sandbox self-test failed: .*\(host-root\)[^;]*; an admin can see it under Lab hosts$/,
    )
    const job = await weak.submit(trivialOf(weak), { word: 'hi\n' })
    weak.ordersRefusal = null
    await until('the report is there', () => Promise.resolve(weak.reports.length === 1))
    expect(weak.reports[0]?.rows).toContainEqual(
      expect.objectContaining({ id: 'host-root', verdict: 'broken' }),
    )
    weak.accepted.add('fork-bomb')
    const asked = weak.ordersAsked
    await until('it has asked twice more', () => Promise.resolve(weak.ordersAsked > asked + 1))
    expect(await weak.gradings.getWaitingCount()).toBe(1)
    expect((await weak.beat()).off?.cause).toBe('self-test')
    weak.accepted.add('host-root')
    expect(await weak.verdict(job)).toMatchObject({ kind: 'graded', checks: [{ status: 'passed' }] })
    expect((await weak.beat()).off).toBeNull()
  })
})

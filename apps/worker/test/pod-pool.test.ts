import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { PodRequest } from '@cooperage/grading'
import { EngineFault, type LabEngine, type StartedContainer } from '@cooperage/sandbox'
import { openLog } from '../src/log.js'
import { PodPool } from '../src/pod-pool.js'
import { openLabEngine, type EngineWithImage } from './engine-with-image.js'
import { until } from './worker-lab.js'

jest.setTimeout(120_000)
let host: EngineWithImage
let pool: PodPool
/** What the engine was asked for since the test began. */
let starts = 0
let first: StartedContainer | null = null
/** Set to make the next starts fail. */
let failing = false
const engine: Pick<LabEngine, 'start'> = {
  start: async (spec) => {
    starts += 1
    if (failing) throw new EngineFault('no more')
    const container = await host.engine.start(spec)
    first ??= container
    return container
  },
}
const newPool = (maxWarm = 10) =>
  new PodPool(engine, { worker: `w-${randomBytes(4).toString('hex')}`, maxWarm, log: openLog('silent', 'w') })
const learner = (more: Partial<PodRequest['limits']> = {}): PodRequest => ({
  image: host.image,
  role: 'learner',
  limits: { memoryMb: 64, cpus: 1, pids: 32, diskMb: 8, ...more },
})
const warm = (count: number) => until(`${count} are warm`, () => Promise.resolve(pool.warm === count))
const containers = () => host.owners()

beforeAll(async () => {
  host = await openLabEngine()
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
})
beforeEach(() => {
  starts = 0
  first = null
  failing = false
  pool = newPool()
})
afterEach(async () => {
  await pool.close()
  await host.engine.drained()
  expect(await containers()).toEqual([])
})

describe('a pool of waiting containers', () => {
  test('gives one that waits, each once, and starts others when the gradings are over', async () => {
    pool.open()
    pool.expect(learner(), 2)
    await warm(2)
    const lease = pool.lease()
    const taken = [await lease.take(learner()), await lease.take(learner())]
    expect(starts).toBe(2)
    expect(new Set(taken.map(({ id }) => id)).size).toBe(2)
    for (const container of taken) expect(pool.holds(container.spec.owner.pod)).toBe(true)
    for (const container of taken) await container[Symbol.asyncDispose]()
    lease.end()
    for (const container of taken) expect(pool.holds(container.spec.owner.pod)).toBe(false)
    await warm(2)
  })

  test('gives the one on its way to whoever comes before it', async () => {
    pool.open()
    pool.expect(learner(), 1)
    const lease = pool.lease()
    const container = await lease.take(learner())
    await container[Symbol.asyncDispose]()
    lease.end()
    expect(container).toBe(first)
  })

  test('never gives one with other limits', async () => {
    pool.open()
    pool.expect(learner(), 1)
    await warm(1)
    const lease = pool.lease()
    const container = await lease.take(learner({ memoryMb: 96 }))
    expect(container.spec.limits.memoryMb).toBe(96)
    expect(pool.warm).toBe(1)
    await container[Symbol.asyncDispose]()
    lease.end()
  })

  test('keeps to its room, and lets what was used longest ago make place', async () => {
    pool = newPool(1)
    pool.open()
    pool.expect(learner(), 1)
    await warm(1)
    const lease = pool.lease()
    await (await lease.take(learner({ diskMb: 9 })))[Symbol.asyncDispose]()
    lease.end()
    await until('the other kind has the place', () => Promise.resolve(starts === 3 && pool.warm === 1))
    const again = pool.lease()
    await (await again.take(learner({ diskMb: 9 })))[Symbol.asyncDispose]()
    expect(starts).toBe(3)
    again.end()
  })

  test('lets go of all when the engine is not to be trusted, and begins anew when it is', async () => {
    pool.open()
    pool.expect(learner(), 2)
    await warm(2)
    pool.suspend()
    expect(pool.warm).toBe(0)
    await host.engine.drained()
    expect(await containers()).toEqual([])
    pool.open()
    await warm(2)
  })

  test('does not give what was lost while it waited', async () => {
    pool.open()
    pool.expect(learner(), 1)
    await warm(1)
    await host.engine.removeAll()
    const lease = pool.lease()
    const container = await lease.take(learner())
    expect(starts).toBe(2)
    expect(container.usable).toBe(true)
    await container[Symbol.asyncDispose]()
    lease.end()
  })

  test('rests after a failure instead of asking again and again', async () => {
    failing = true
    pool.open()
    pool.expect(learner(), 3)
    const lease = pool.lease()
    await expect(lease.take(learner())).rejects.toThrow(EngineFault)
    lease.end()
    const after = starts
    failing = false
    await warm(3)
    expect(starts).toBe(after + 3)
  })
})

import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { PodRequest } from '@cooperage/grading'
import { EngineFault, type LabEngine, type StartedContainer } from '@cooperage/sandbox'
import { openLog } from '../src/log.js'
import { PodPool } from '../src/pod-pool.js'
import { shimBytes, type StockBounds } from '../src/warm-stock.js'
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
const newPool = (bounds: Partial<StockBounds> = {}) =>
  new PodPool(engine, {
    worker: `w-${randomBytes(4).toString('hex')}`,
    maxWarm: 10,
    maxBytes: 1024 ** 3,
    ...bounds,
    log: openLog('silent', 'w'),
  })
/** An engine that answers, and the images that it has. */
const open = async () => {
  pool.keepTo(await host.engine.images())
  pool.open()
}
const plan = (request: PodRequest, atLeast: number) => pool.plan([{ request, atLeast }])
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
    await open()
    plan(learner(), 2)
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
    await open()
    plan(learner(), 1)
    const lease = pool.lease()
    const container = await lease.take(learner())
    await container[Symbol.asyncDispose]()
    lease.end()
    expect(container).toBe(first)
  })

  test('never gives one with other limits', async () => {
    await open()
    plan(learner(), 1)
    await warm(1)
    const lease = pool.lease()
    await using container = await lease.take(learner({ memoryMb: 96 }))
    expect(container.spec.limits.memoryMb).toBe(96)
    // The one with other limits goes on waiting. Beside it there may be another by now: its kind has just been asked for.
    await using waiting = await lease.take(learner())
    expect(waiting).toBe(first)
    lease.end()
  })

  test('keeps to its room, and lets what was used longest ago make place', async () => {
    pool = newPool({ maxWarm: 1 })
    await open()
    plan(learner(), 1)
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
    await open()
    plan(learner(), 2)
    await warm(2)
    pool.suspend()
    expect(pool.warm).toBe(0)
    await host.engine.drained()
    expect(await containers()).toEqual([])
    await open()
    await warm(2)
  })

  test('does not give what was lost while it waited', async () => {
    await open()
    plan(learner(), 1)
    await warm(1)
    await host.engine.removeAll()
    const lease = pool.lease()
    const container = await lease.take(learner())
    expect(starts).toBe(2)
    expect(container.usable).toBe(true)
    await container[Symbol.asyncDispose]()
    lease.end()
  })

  test('keeps as many as the memory that they are seen to take allows', async () => {
    const one = await host.engine.start({ ...learner(), owner: { worker: 'w', pod: 'p' } })
    const oneBytes = (await one.usage()).memoryBytes + shimBytes
    await one[Symbol.asyncDispose]()
    pool = newPool({ maxBytes: 2.7 * oneBytes })
    await open()
    plan(learner(), 4)
    await warm(2)
    // What comes later has its turn first where there is room, and is behind it where there is none.
    pool.plan([learner(), learner({ diskMb: 9 })].map((request) => ({ request, atLeast: 4 })))
    await until('the later kind has taken one place', () => Promise.resolve(starts === 3))
    await warm(2)
    await pool.close()

    pool = newPool({ maxBytes: oneBytes / 2 })
    await open()
    plan(learner(), 4)
    await until('one was started to be measured', () => Promise.resolve(starts === 4))
    await until('it is not kept', async () => (await containers()).length === 0)
    expect(pool.warm).toBe(0)
    expect(starts).toBe(4)
  })

  test('lets go of what nobody plans for any more, unless somebody asked for it lately', async () => {
    await open()
    const asked = learner({ memoryMb: 96 })
    pool.plan([learner(), asked].map((request) => ({ request, atLeast: 1 })))
    await warm(2)
    const lease = pool.lease()
    await (await lease.take(asked))[Symbol.asyncDispose]()
    lease.end()
    await warm(2)
    pool.plan([])
    await until('the other is gone', async () => {
      await host.engine.drained()
      return (await containers()).length === 1
    })
    const again = pool.lease()
    const before = starts
    await (await again.take(asked))[Symbol.asyncDispose]()
    expect(starts).toBe(before)
    again.end()
  })

  test('keeps nothing of an image that is gone, and what it has of one that another took the name of is renewed', async () => {
    const [repo, tag] = ['test/pool', randomBytes(4).toString('hex')]
    const image = `${repo}:${tag}`
    await host.call('POST', `/images/${host.image}/tag?repo=${repo}&tag=${tag}`)
    await open()
    plan({ ...learner(), image }, 1)
    await warm(1)

    await host.call('DELETE', `/images/${image}?noprune=1`)
    pool.keepTo(await host.engine.images())
    expect(pool.warm).toBe(0)
    await until('its container is gone', async () => (await containers()).length === 0)

    await host.call('POST', `/images/${host.image}/tag?repo=${repo}&tag=${tag}`)
    pool.keepTo(await host.engine.images())
    await warm(1)
    // The same files under another id, and the same name.
    const made = await host.engine.start({ ...learner(), owner: { worker: 'w', pod: 'p' } })
    await host.call('POST', `/commit?container=${made.id}&repo=${repo}&tag=${tag}&comment=new`)
    await made[Symbol.asyncDispose]()
    const images = await host.engine.images()
    expect(images.get(image)).not.toBe(images.get(host.image))
    pool.keepTo(images)
    expect(pool.warm).toBe(0)
    await warm(1)
    const lease = pool.lease()
    const container = await lease.take({ ...learner(), image })
    expect(container.facts.imageDigest).toBe(images.get(image))
    await container[Symbol.asyncDispose]()
    lease.end()
    pool.plan([])
    await pool.close()
    await host.engine.drained()
    await host.call('DELETE', `/images/${image}`)
  })

  test('rests after a failure instead of asking again and again', async () => {
    failing = true
    await open()
    plan(learner(), 3)
    const lease = pool.lease()
    await expect(lease.take(learner())).rejects.toThrow(EngineFault)
    lease.end()
    const after = starts
    failing = false
    await warm(3)
    expect(starts).toBe(after + 3)
  })
})

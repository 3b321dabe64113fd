import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { workerStaleMs } from '@cooperage/contracts'
import { openLog } from '../src/log.js'
import { Reaper } from '../src/reaper.js'
import { openLabEngine, type EngineWithImage } from './engine-with-image.js'
import { until } from './worker-lab.js'

jest.setTimeout(120_000)
let host: EngineWithImage
beforeAll(async () => {
  host = await openLabEngine()
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
})

const start = (worker: string, pod: string) =>
  host.engine.start({
    image: host.image,
    role: 'learner',
    limits: { memoryMb: 64, cpus: 1, pids: 32, diskMb: 8 },
    owner: { worker, pod },
  })
const pods = async () => (await host.owners()).map(({ pod }) => pod).sort()

describe('a reaper', () => {
  test('takes what a dead worker left and what nobody here holds, and nothing else', async () => {
    for (const [worker, pod] of [
      ['me', 'held'],
      ['other', 'living'],
      ['dead', 'left'],
      ['me', 'lost'],
    ] as const) {
      await start(worker, pod)
    }
    let living: Set<string> | Error = new Set(['me', 'other', 'dead'])
    const reaper = new Reaper({
      engine: host.engine,
      worker: 'me',
      holds: (pod) => pod === 'held',
      living: () => (living instanceof Error ? Promise.reject(living) : Promise.resolve(living)),
      log: openLog('silent', 'me'),
    })
    // A container as young as these may be on its way to whoever asked for it; the lost one is the youngest.
    await until('what was lost is old enough', async () => (await reaper.sweep()) > 0)
    expect(await pods()).toEqual(['held', 'left', 'living'])

    const now = Date.now()
    living = new Set(['me', 'other'])
    expect(await reaper.sweep(now)).toBe(0)
    expect(await reaper.sweep(now + workerStaleMs)).toBe(0)
    // It was only that Redis had lost its heartbeat.
    living = new Set(['me', 'other', 'dead'])
    expect(await reaper.sweep(now + workerStaleMs + 1)).toBe(0)
    living = new Set(['me', 'other'])
    expect(await reaper.sweep(now + workerStaleMs + 2)).toBe(0)
    living = new Error('Redis is away')
    await expect(reaper.sweep(now + 10 * workerStaleMs)).rejects.toThrow('Redis is away')
    expect(await pods()).toEqual(['held', 'left', 'living'])
    living = new Set(['me', 'other'])
    expect(await reaper.sweep(now + 10 * workerStaleMs)).toBe(1)
    expect(await pods()).toEqual(['held', 'living'])
  })
})

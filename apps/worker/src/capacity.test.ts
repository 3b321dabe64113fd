import { describe, expect, test } from '@jest/globals'
import { Capacity, shareOf, wholeOf, type Share } from './capacity.js'

const host: Share = { cpus: 2, memoryMb: 2048 }
const usual: Share = { cpus: 0.5, memoryMb: 512 }
const never = new AbortController().signal

/** Takes shares in this order, and knows who has theirs. */
function grading(capacity: Capacity) {
  const running = new Map<string, () => void>()
  return {
    running: () => [...running.keys()],
    take: (name: string, share: Share, signal = never) =>
      capacity.take(share, signal).then((giveBack) => running.set(name, giveBack)),
    end: (name: string) => {
      running.get(name)?.()
      running.delete(name)
    },
  }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the room of a lab host', () => {
  test('holds as many usual labs at once as there is memory and CPU for', async () => {
    const { running, take, end } = grading(new Capacity(() => Promise.resolve(host)))
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void take(name, usual)
    await settled()
    expect(running()).toEqual(['a', 'b', 'c', 'd'])
    end('b')
    await settled()
    expect(running()).toEqual(['a', 'c', 'd', 'e'])
  })

  test('a large lab waits for its room and is passed by nobody', async () => {
    const { running, take, end } = grading(new Capacity(() => Promise.resolve(host)))
    void take('small', usual)
    void take('large', { cpus: 0.5, memoryMb: 1800 })
    void take('next', usual)
    await settled()
    expect(running()).toEqual(['small'])
    end('small')
    await settled()
    expect(running()).toEqual(['large'])
    end('large')
    await settled()
    expect(running()).toEqual(['next'])
  })

  test('a lab that is larger than the host runs, alone', async () => {
    const { running, take, end } = grading(new Capacity(() => Promise.resolve(host)))
    void take('huge', { cpus: 16, memoryMb: 65_536 })
    void take('small', usual)
    await settled()
    expect(running()).toEqual(['huge'])
    end('huge')
    await settled()
    expect(running()).toEqual(['small'])
  })

  test('whoever stops waiting holds up nobody', async () => {
    const { running, take } = grading(new Capacity(() => Promise.resolve(host)))
    void take('small', usual)
    const stop = new AbortController()
    const large = take('large', { cpus: 2, memoryMb: 2048 }, stop.signal)
    void take('next', usual)
    await settled()
    stop.abort(new Error('the worker stops'))
    await expect(large).rejects.toThrow('the worker stops')
    await settled()
    expect(running()).toEqual(['small', 'next'])
  })

  test('is measured again when the host did not answer', async () => {
    let answers = false
    const capacity = new Capacity(() =>
      answers ? Promise.resolve(host) : Promise.reject(new Error('no answer')),
    )
    await expect(capacity.take(usual, never)).rejects.toThrow('no answer')
    answers = true
    await capacity.take(usual, never)
  })
})

describe('a share', () => {
  const limits = { memoryMb: 128, cpus: 0.5, pids: 64, diskMb: 32 }
  const lab = (...checks: object[]) =>
    ({ spec: { environment: { limits }, checks } }) as unknown as Parameters<typeof shareOf>[0]

  test('is of the containers that the lab starts: a grader has what it needs whatever the learner has', () => {
    expect(shareOf(lab({ exec: {} }))).toEqual({ cpus: 0.5, memoryMb: 128 })
    expect(shareOf(lab({ script: 'x' }))).toEqual({ cpus: 0.5, memoryMb: 256 })
    expect(shareOf(lab({ exec: {} }, { exec: {}, script: 'x' }))).toEqual({ cpus: 0.5, memoryMb: 384 })
  })

  test('two usual labs run at once on a host of two cores and 2 GiB', () => {
    const small = wholeOf({ cpus: 2, memoryBytes: 2 * 1024 ** 3 }, undefined)
    expect(small).toEqual({ cpus: 2, memoryMb: 1536 })
    expect(2 * usual.memoryMb).toBeLessThanOrEqual(small.memoryMb)
    expect(wholeOf({ cpus: 2, memoryBytes: 2 * 1024 ** 3 }, 700).memoryMb).toBe(700)
  })
})

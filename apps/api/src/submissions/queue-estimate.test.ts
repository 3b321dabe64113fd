import { describe, expect, test } from '@jest/globals'
import { startsInSeconds } from './queue-estimate.js'

describe('when a waiting grading is about to start', () => {
  test.each([
    [1, 1, 400, 5],
    [3, 2, 10_000, 15],
    [12, 2, 10_000, 60],
    [13, 2, 10_000, 90],
    [300, 2, 1_400, 210],
    [300, 2, 2_100, 360],
    [10_000, 2, 1_000, 5040],
  ])('place %d, %d slots, %d ms each: about %d s', (place, slots, runMs, seconds) => {
    expect(startsInSeconds(place, { slots, runMs })).toBe(seconds)
  })

  test('is not said when no worker lives and when none has ended yet', () => {
    expect(startsInSeconds(1, { slots: 0, runMs: 500 })).toBeNull()
    expect(startsInSeconds(1, { slots: 2, runMs: null })).toBeNull()
  })

  test('never grows on the way to the head of the queue', () => {
    const said = Array.from({ length: 500 }, (_, n) => startsInSeconds(500 - n, { slots: 2, runMs: 1_234 }))
    expect(said).toEqual([...said].sort((a, b) => (b ?? 0) - (a ?? 0)))
  })
})

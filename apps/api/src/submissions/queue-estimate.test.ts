import { describe, expect, test } from '@jest/globals'
import { startsInSeconds, turnMs } from './queue-estimate.js'

describe('when a waiting grading is about to start', () => {
  test.each([
    [1, 400, 5],
    [3, 5_000, 15],
    [12, 5_000, 60],
    [13, 5_000, 90],
    [300, 700, 210],
    [300, 1_050, 360],
    [10_000, 500, 5040],
  ])('place %d, one each %d ms: about %d s', (place, everyMs, seconds) => {
    expect(startsInSeconds(place, everyMs)).toBe(seconds)
  })

  test('never grows on the way to the head of the queue', () => {
    const said = Array.from({ length: 500 }, (_, n) => startsInSeconds(500 - n, 617))
    expect(said).toEqual([...said].sort((a, b) => b - a))
  })
})

describe('the pace', () => {
  test('is that of the gradings over all slots, unless more than that comes between them', () => {
    expect(turnMs({ runMs: 600, gapMs: null }, 2)).toBe(300)
    expect(turnMs({ runMs: 600, gapMs: 250 }, 2)).toBe(300)
    expect(turnMs({ runMs: 600, gapMs: 450 }, 2)).toBe(450)
  })

  test('is not known when no worker lives and when no grading has ended yet', () => {
    expect(turnMs({ runMs: 600, gapMs: 450 }, 0)).toBeNull()
    expect(turnMs({ runMs: null, gapMs: null }, 2)).toBeNull()
  })
})

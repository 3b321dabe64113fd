import { expect, it } from '@jest/globals'
import { termsOf } from './terms.js'

const now = new Date('2026-03-01T00:00:00Z')

it('counts the attempts that are left, without those that cost none', () => {
  const attempts = [
    { status: 'graded' as const },
    { status: 'error' as const },
    { status: 'cancelled' as const },
  ]
  expect(termsOf({ maxAttempts: 3 }, attempts, true, now)).toMatchObject({ attemptsLeft: 2, refused: null })
  expect(termsOf({ maxAttempts: 1 }, attempts, true, now)).toMatchObject({
    attemptsLeft: 0,
    refused: 'You have used all your attempts.',
  })
})

it('says nothing of attempts left when there is no limit, or older attempts were not read', () => {
  expect(termsOf({}, [], true, now).attemptsLeft).toBeNull()
  expect(termsOf({ maxAttempts: 3 }, [], false, now).attemptsLeft).toBeNull()
})

it('says when the lab is not open, closed, or past its due date', () => {
  expect(termsOf({ opensAt: '2026-03-02T00:00:00Z' }, [], true, now).refused).toMatch(/not open/)
  expect(termsOf({ closesAt: '2026-02-02T00:00:00Z' }, [], true, now).refused).toMatch(/closed/)
  expect(termsOf({ dueAt: '2026-02-02T00:00:00Z' }, [], true, now)).toMatchObject({
    late: true,
    refused: null,
  })
})

import { expect, it } from '@jest/globals'
import { relative } from './relative.js'

const now = Date.parse('2026-03-10T12:00:00Z')

it.each([
  ['2026-03-10T11:59:40Z', 'just now'],
  ['2026-03-10T12:00:05Z', 'just now'],
  ['2026-03-10T12:00:45Z', 'in less than a minute'],
  ['2026-03-10T11:57:00Z', '3 minutes ago'],
  ['2026-03-10T10:00:00Z', '2 hours ago'],
  ['2026-03-12T13:00:00Z', 'in 2 days'],
  ['2026-02-01T12:00:00Z', 'last month'],
])('%s is %s', (at, words) => {
  expect(relative(Date.parse(at), now)).toBe(words)
})

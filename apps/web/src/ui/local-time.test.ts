import { expect, it } from '@jest/globals'
import { fromLocalField, toLocalField } from './local-time.js'

it('goes to the field and back without moving', () => {
  const instant = '2026-03-10T12:30:00.000Z'
  expect(toLocalField(instant)).toMatch(/^2026-03-1\dT\d\d:\d\d$/)
  expect(fromLocalField(toLocalField(instant))).toBe(instant)
})
it('is empty for nothing', () => {
  expect(toLocalField(null)).toBe('')
  expect(fromLocalField('')).toBeNull()
  expect(fromLocalField('soon')).toBeNull()
})

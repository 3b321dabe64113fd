import { describe, expect, test } from '@jest/globals'
import { add, closingLine, tallyJest, tallyPlaywright } from './tally.js'

const jest = {
  success: true,
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 0,
}

describe('the closing line', () => {
  test('adds all runners up', () => {
    const playwright = { errors: [], stats: { expected: 3, unexpected: 0, flaky: 0, skipped: 1 } }
    expect(closingLine(add(tallyJest(jest), tallyPlaywright(playwright)))).toBe(
      '10 passed, 0 failed, 4 skipped',
    )
  })

  test('counts a test file that does not load', () => {
    const report = { ...jest, success: false, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }
    expect(tallyJest(report).failed).toBe(3)
  })

  test('never calls a failed run passed', () => {
    expect(tallyJest({ ...jest, success: false }).failed).toBe(1)
  })

  test('counts a browser run that could not begin, and a test that passed at the second try', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 0 }
    expect(tallyPlaywright({ errors: [{ message: 'no product' }], stats })).toEqual({
      passed: 4,
      failed: 3,
      skipped: 0,
    })
  })
})

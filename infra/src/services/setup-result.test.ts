import { expect, test } from '@jest/globals'
import { readSetupResult } from './setup-result.js'

const problem = { course: '/srv/sql', file: 'course.yaml', line: 3, message: 'modules is missing' }

test('is the last line, whatever was printed before it', () => {
  const line = JSON.stringify({ courses: [{ id: 'docker' }], problems: [problem], demo: true })
  expect(readSetupResult(`a warning\n${line}\n`)).toEqual({ problems: [problem], demo: true })
})

test.each(['', 'Error: no database\n', '{"courses":[]}\n'])('is nothing for %j', (output) => {
  expect(readSetupResult(output)).toBeUndefined()
})

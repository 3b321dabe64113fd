import { expect, test } from '@jest/globals'
import { startFailure } from './exec-failure.js'

const failure = (code: number, stdout: string, stderr = '') =>
  startFailure(code, { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) }, './greet')
const engine = (why: string) =>
  `OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown\r\n`

test('a program that is not there, or is none, is the command’s own fault', () => {
  expect(failure(126, engine('exec: "./greet": stat ./greet: no such file or directory'))).toEqual({
    message: './greet: not found',
    program: true,
  })
  expect(failure(127, engine('exec: "greet": executable file not found in $PATH'))).toMatchObject({
    program: true,
  })
  expect(failure(126, engine('exec: "./greet": permission denied'))).toEqual({
    message: './greet: not executable',
    program: true,
  })
  expect(failure(1, '', 'exec ./greet: exec format error\n')).toEqual({
    message: './greet: not a program',
    program: true,
  })
})

test('everything else may be the host’s', () => {
  expect(failure(126, engine('can’t get final child’s PID from pipe: EOF'))).toMatchObject({ program: false })
  expect(failure(126, engine('read init-p: resource temporarily unavailable'))).toMatchObject({
    program: false,
  })
})

test('a program that ran and exited so is no failed start', () => {
  expect(failure(126, 'hello\n')).toBeUndefined()
  expect(failure(127, '', 'bash: line 1: greet: command not found\n')).toBeUndefined()
  expect(failure(0, engine('x'))).toBeUndefined()
  expect(failure(1, 'x', 'exec ./greet: exec format error\n')).toBeUndefined()
})

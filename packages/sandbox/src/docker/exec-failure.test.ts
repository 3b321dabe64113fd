import { expect, test } from '@jest/globals'
import { startFailure } from './exec-failure.js'

const failure = (stdout: string) =>
  startFailure(
    { code: 126, started: false },
    { stdout: Buffer.from(stdout), stderr: Buffer.from('') },
    './greet',
  )
const ran = (code: number, stdout: string, stderr = '') =>
  startFailure(
    { code, started: true },
    { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) },
    './greet',
  )
const runtime = (why: string) =>
  `OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown\r\n`

test.each([
  ['exec: "./greet": stat ./greet: no such file or directory', './greet: not found'],
  ['exec: "greet": executable file not found in $PATH', './greet: not found'],
  ['exec: "./greet": permission denied', './greet: not executable'],
])('a program that is not there, or is none, is the command’s own fault: %s', (why, message) => {
  expect(failure(runtime(why))).toEqual({ message, cause: 'program' })
})

test('a file that is no program is found out after the start', () => {
  expect(ran(1, '', 'exec ./greet: exec format error\n')).toEqual({
    message: './greet: not a program',
    cause: 'program',
  })
  expect(ran(1, 'x', 'exec ./greet: exec format error\n')).toBeUndefined()
})

test('what the runtime cannot start may be for the container’s limits', () => {
  expect(failure(runtime('can’t get final child’s PID from pipe: EOF'))).toMatchObject({ cause: 'container' })
})

test('what does not reach the runtime is the engine’s fault, whatever its words', () => {
  const dial = 'dial unix /run/containerd.sock: connect: no such file or directory'
  expect(
    failure(`connection error: desc = "transport: Error while dialing ${dial}": unavailable\r\n`),
  ).toMatchObject({ cause: 'engine' })
  expect(failure('')).toMatchObject({ cause: 'engine' })
})

test('a program that ran is no failed start, whatever it prints', () => {
  expect(ran(126, runtime('exec: "./greet": permission denied'))).toBeUndefined()
  expect(ran(127, '', 'bash: line 1: greet: command not found\n')).toBeUndefined()
})

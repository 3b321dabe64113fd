import { describe, expect, test } from '@jest/globals'
import { ExecSpec } from '@cooperage/contracts'
import type { RunOutcome } from '@cooperage/sandbox'
import { droppedMessage, judgeExec, scriptText } from './messages.js'

const limits = { memoryMb: 64, cpus: 1, pids: 32, diskMb: 8 }
const spec = (more: object = {}) => ExecSpec.parse({ run: ['./greet', 'Ada Lovelace', "it's"], ...more })
const streams = (stdout = '', stderr = '') => ({
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
  durationMs: 5,
})
const exited = (code: number, stdout = '', stderr = '', oom = false): RunOutcome => ({
  kind: 'exited',
  code,
  oom,
  ...streams(stdout, stderr),
})
const judge = (outcome: RunOutcome, more: object = {}, lenient = false) =>
  judgeExec(spec(more), outcome, limits, lenient)

describe('judgeExec', () => {
  test('compares only what is given, and the exit code always', () => {
    expect(judge(exited(0, 'anything', 'at all'))).toBeNull()
    expect(judge(exited(3), { exitCode: 3 })).toBeNull()
    expect(judge(exited(1))).toContain('Expected exit code 0, found 1.')
  })

  test('leaves the exit code to the script where there is one, unless another than 0 is asked for', () => {
    expect(judge(exited(1), {}, true)).toBeNull()
    expect(judge(exited(1), { exitCode: 2 }, true)).toContain('Expected exit code 2')
    expect(judge(exited(1, 'a'), { stdout: 'b' }, true)).toContain('stdout')
  })

  test('shows the command as one can type it', () => {
    expect(judge(exited(1))).toMatch(/The command was: \.\/greet 'Ada Lovelace' 'it'\\''s'$/)
  })

  test.each<[RunOutcome, RegExp]>([
    [exited(127), /command not found/],
    [exited(139), /SIGSEGV/],
    [exited(137, '', '', true), /memory limit of 64 MiB/],
    [exited(2, '', 'boom'), /It wrote to stderr:\n {2}boom/],
    [{ kind: 'timeout', ...streams('half') }, /still running after 10 s[^]*half/],
    [{ kind: 'flood', ...streams('y\ny\n') }, /more output than is allowed/],
    [{ kind: 'died', oom: true, ...streams() }, /memory limit of 64 MiB/],
    [{ kind: 'died', oom: false, ...streams() }, /container ended/],
    [{ kind: 'cannot-start', message: './greet: not found' }, /could not be started: \.\/greet: not found/],
  ])('%j', (outcome, message) => {
    expect(judge(outcome)).toMatch(message)
  })

  test('stays within 4 KiB whatever it is given', () => {
    const long = 'é\u001b'.repeat(100_000)
    const message = judge(exited(0, long, long), {
      run: Array(64).fill(long.slice(0, 4000)),
      stdin: 'x',
      stdout: 'y',
    })
    expect(Buffer.byteLength(message ?? '')).toBeLessThanOrEqual(4096)
    expect(message).toContain('The command was')
  })
})

describe('droppedMessage', () => {
  test('names some of what was left out, and how many more', () => {
    expect(droppedMessage([])).toBeNull()
    const dropped = Array.from({ length: 9 }, (_, at) => ({ path: `link-${at}`, why: 'link' as const }))
    expect(droppedMessage(dropped)).toMatch(/link-0 \(a link\)[^]*link-4 \(a link\)\n {2}and 4 more$/)
  })
})

describe('scriptText', () => {
  test('is harmless and short, or null', () => {
    expect(scriptText(' \n')).toBeNull()
    expect(scriptText('a\r\nb\u0007\n\n')).toBe('a\nb\\x07')
    expect(Buffer.byteLength(scriptText('ü'.repeat(9000)) ?? '')).toBeLessThanOrEqual(4096)
  })
})

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { EngineFault } from '@cooperage/sandbox'
import { openGradingLab, type GradingLab } from './lab.js'

jest.setTimeout(180_000)
let lab: GradingLab
beforeAll(async () => {
  lab = await openGradingLab()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

const greets = { id: 'greets', exec: { run: ['./run', 'Ada'], stdout: 'Hello, Ada\n' } }
const goodRun = '#!/bin/sh\necho "Hello, $1"\n'

describe('exec checks', () => {
  test('pass when the command does what is expected, without a grader', async () => {
    const graded = await lab.grade({ checks: [greets], submitted: { run: goodRun } })
    expect(graded.verdicts).toEqual({ greets: 'passed' })
    expect(graded.report('greets').message).toBeNull()
    expect(graded.pods).toEqual({ learner: 1, grader: 0 })
    expect(graded.outcome).toMatchObject({ kind: 'graded' })
  })

  test('say what was expected, what was found, and which command it was', async () => {
    const graded = await lab.grade({
      checks: [
        greets,
        { id: 'code', exec: { run: ['sh', '-c', 'echo why >&2; exit 3'] } },
        { id: 'feeds', exec: { run: ['cat'], stdin: 'a\nb\n', stdout: { contains: 'c' } } },
        { id: 'errs', exec: { run: ['ls', '/nowhere'], exitCode: 2, stderr: { matches: 'No such file' } } },
        { id: 'json', exec: { run: ['echo', '{"a": [1, 2]}'], stdout: { json: { a: [1, 3] } } } },
      ],
      submitted: { run: '#!/bin/sh\necho "Hello $1"\n' },
    })
    expect(graded.verdicts).toEqual({
      greets: 'failed',
      code: 'failed',
      feeds: 'failed',
      errs: 'passed',
      json: 'failed',
    })
    expect(graded.report('greets').message).toBe(
      'stdout is not what was expected.\nFirst difference in line 1, column 6:\nexpected: "Hello, Ada"\nfound:    "Hello Ada"\nThe command was: ./run Ada',
    )
    expect(graded.report('code').message).toContain(
      'Expected exit code 0, found 3.\nIt wrote to stderr:\n  why',
    )
    expect(graded.report('feeds').message).toContain('Its input begins with: "a\\nb\\n"')
    expect(graded.report('json').message).toContain('$.a[1]')
  })

  test('share one container, in the order of the file, and a missing program does not cost them their work', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'makes', exec: { run: ['sh', '-c', 'echo made > made'] } },
        { id: 'missing', exec: { run: ['./not-there'] } },
        { id: 'uses', exec: { run: ['cat', 'made'], stdout: 'made\n' } },
      ],
    })
    expect(graded.verdicts).toEqual({ makes: 'passed', missing: 'failed', uses: 'passed' })
    expect(graded.report('missing').message).toContain('could not be started')
    expect(graded.pods.learner).toBe(1)
  })

  test('that need a check which did not pass are skipped and not run', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'builds', exec: { run: ['false'] } },
        { id: 'runs', needs: ['builds'], exec: { run: ['touch', 'ran'] } },
        { id: 'alone', exec: { run: ['test', '!', '-e', 'ran'] } },
      ],
    })
    expect(graded.verdicts).toEqual({ builds: 'failed', runs: 'skipped', alone: 'passed' })
  })

  test('see the starter’s fixed files, and not an editable one that was not submitted', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'lists', exec: { run: ['sh', '-c', 'find . -type f | sort'], stdout: './data\n./run\n' } },
      ],
      starter: { data: 'fixed', run: 'starter', 'work/a': 'starter' },
      submitted: { run: goodRun },
    })
    expect(graded.verdicts).toEqual({ lists: 'passed' })
  })
})

describe('script checks', () => {
  test('alone need no learner’s container; exit 0 passes with stdout as message, exit 1 fails', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'good', script: 'checks/good.sh' },
        { id: 'bad', script: 'checks/bad.py' },
      ],
      scripts: {
        'good.sh': 'source "$(dirname "$0")/lib.sh"; say "$(cat run) in $PWD"; echo for staff >&2',
        'lib.sh': 'say() { printf "%s\\n" "$1"; }',
        'bad.py':
          '#!/usr/bin/env python3\nimport beside\nprint(f"not good: {beside.red}")\nraise SystemExit(1)',
        'beside.py': 'red = "\\x1b[31m"',
      },
      submitted: { run: 'content' },
    })
    expect(graded.pods).toEqual({ learner: 0, grader: 1 })
    expect(graded.report('good')).toMatchObject({
      status: 'passed',
      message: 'content in /workspace',
      staffNote: 'for staff',
      partialPoints: null,
    })
    expect(graded.report('bad')).toMatchObject({ status: 'failed', message: 'not good: \\e[31m' })
  })

  test('judge what the exec part of the check did, its exit code too', async () => {
    const graded = await lab.grade({
      checks: [
        {
          id: 'both',
          exec: { run: ['sh', '-c', 'echo out; echo err >&2; echo made > work.txt; exit 7'] },
          script: 'checks/both.sh',
        },
        { id: 'explicit', exec: { run: ['true'], exitCode: 4 }, script: 'checks/never.sh' },
      ],
      scripts: {
        'both.sh':
          'cd "$EXEC_DIR"; echo "$(cat exit) $(cat stdout) $(cat stderr) $(cat /workspace/work.txt)"',
        'never.sh': 'exit 0',
      },
    })
    expect(graded.report('both')).toMatchObject({ status: 'passed', message: '7 out err made' })
    expect(graded.report('explicit').message).toContain('Expected exit code 4, found 0')
  })

  test('give part of the points, and never more than the check has', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'part', points: 4, script: 'checks/part.sh' },
        { id: 'more', points: 2, script: 'checks/more.sh' },
      ],
      scripts: { 'part.sh': 'echo points=1.5 >&3; exit 1', 'more.sh': 'echo points=50 >&3' },
    })
    expect(graded.report('part')).toMatchObject({ status: 'failed', partialPoints: 1.5 })
    expect(graded.report('more')).toMatchObject({ status: 'passed', partialPoints: 2 })
  })

  test('that end neither with 0 nor 1 are the lab’s fault, and the report says so to staff', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'fine', script: 'checks/fine.sh' },
        { id: 'broken', script: 'checks/broken.sh' },
        { id: 'later', script: 'checks/fine.sh' },
      ],
      scripts: { 'fine.sh': 'exit 0', 'broken.sh': 'echo what >&2; exit 2' },
    })
    expect(graded.outcome).toMatchObject({ kind: 'fault', origin: 'lab' })
    expect(graded.verdicts).toEqual({ fine: 'passed', broken: 'error' })
    expect(graded.report('broken').staffNote).toContain('ended with 2.\nwhat')
  })

  test('that hang are the submission’s fault, and the others run in a fresh grader', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'hangs', script: 'checks/hangs.sh', timeoutSeconds: 1 },
        { id: 'fine', script: 'checks/fine.sh' },
      ],
      scripts: { 'hangs.sh': 'sleep 60', 'fine.sh': 'cat run' },
      submitted: { run: 'here' },
    })
    expect(graded.verdicts).toEqual({ hangs: 'failed', fine: 'passed' })
    expect(graded.report('hangs').message).toContain('still running after 1 s')
    expect(graded.report('fine').message).toBe('here')
    expect(graded.pods.grader).toBe(2)
  })
})

describe('hidden checks', () => {
  test('run last, and nothing that the learner’s program writes after that is shown to a learner', async () => {
    const secret = 'hidden-input'
    const graded = await lab.grade({
      checks: [
        {
          id: 'secret',
          visibility: 'hidden',
          exec: { run: ['./run', secret], stdin: secret, stdout: 'right\n' },
        },
        { id: 'open', exec: { run: ['./run', 'open'], stdout: 'wrong\n' } },
        { id: 'shows', script: 'checks/shows.sh' },
        { id: 'sees', visibility: 'hidden', script: 'checks/shows.sh' },
      ],
      scripts: { 'shows.sh': 'cat /workspace/log; exit 1' },
      submitted: { run: '#!/bin/sh\necho "$@" >> log; cat >> log; cat log\n' },
    })
    expect(graded.verdicts).toEqual({ secret: 'failed', open: 'failed', shows: 'failed', sees: 'failed' })
    expect(graded.report('open').message).not.toContain(secret)
    expect(graded.report('shows').message).toBe('open')
    expect(graded.report('sees').message).toContain(secret)
  })
})

describe('progress', () => {
  test('is the whole state at each stage and after each check', async () => {
    const graded = await lab.grade({
      checks: [
        { id: 'a', exec: { run: ['true'] } },
        { id: 'b', exec: { run: ['false'] } },
        { id: 'c', script: 'checks/c.sh' },
      ],
      scripts: { 'c.sh': 'exit 0' },
    })
    expect(graded.progress.map(({ stage, checks }) => [stage, checks.map(({ id }) => id).join()])).toEqual([
      ['preparing', ''],
      ['exec', ''],
      ['exec', 'a'],
      ['exec', 'a,b'],
      ['script', 'a,b'],
      ['script', 'a,b,c'],
      ['finishing', 'a,b,c'],
    ])
  })
})

describe('the output of a submission', () => {
  test('is bounded over all its checks: what would come after it is not even started', async () => {
    const checks = Array.from({ length: 10 }, (_, at) => ({
      id: `writes-${at}`,
      exec: { run: ['head', '-c', '1000000', '/dev/zero'] },
    }))
    const graded = await lab.grade({ checks })
    const passed = Object.values(graded.verdicts).filter((status) => status === 'passed')
    expect(passed).toHaveLength(8)
    expect(graded.report('writes-8').message).toContain('more output than is allowed')
    expect(graded.report('writes-9').message).toContain('all the output that a submission may write')
    expect(graded.pods.learner).toBe(1)
  })
})

describe('the time of the whole grading', () => {
  test('ends the check that uses it up and fails the rest', async () => {
    const graded = await lab.grade({
      timeoutSeconds: 1,
      checks: [
        { id: 'slow', exec: { run: ['sleep', '5'] } },
        { id: 'late', exec: { run: ['true'] } },
        { id: 'script', script: 'checks/s.sh' },
      ],
      scripts: { 's.sh': 'exit 0' },
    })
    expect(graded.verdicts).toEqual({ slow: 'failed', late: 'failed', script: 'failed' })
    for (const id of ['slow', 'late', 'script']) {
      expect(graded.report(id).message).toContain('The whole grading may take 1 s')
    }
  })
})

describe('what is nobody’s verdict', () => {
  test('a fault of the engine is a fault, with what was known before', async () => {
    const graded = await lab.grade(
      { checks: [greets], submitted: { run: goodRun } },
      { takePod: () => Promise.reject(new EngineFault('create: no such image')) },
    )
    expect(graded.outcome).toEqual({
      kind: 'fault',
      origin: 'engine',
      reason: 'create: no such image',
      checks: [],
    })
  })

  test('an abort ends what runs and throws the signal’s reason', async () => {
    const abort = new AbortController()
    const grading = lab.grade(
      { checks: [{ id: 'slow', exec: { run: ['sleep', '50'], timeoutSeconds: 60 } }] },
      { signal: abort.signal },
    )
    const timer = setTimeout(() => abort.abort(new Error('stopped by the test')), 700)
    await expect(grading).rejects.toThrow('stopped by the test')
    clearTimeout(timer)
    await lab.engine.drained()
    expect(await lab.engine.removeAll()).toBe(0)
  })
})

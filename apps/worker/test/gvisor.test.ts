/** A worker whose labs run under gVisor: from its start to verdicts. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { findGvisor } from '@cooperage/sandbox'
import { WorkerLab, type WorkerProcess } from './worker-lab.js'

jest.setTimeout(240_000)

const gvisor = await findGvisor(process.env)
const missing = process.env.COOPERAGE_TEST_DOCKER_HOST
  ? 'COOPERAGE_TEST_DOCKER_HOST names an engine whose runtimes are not the tests’ to choose'
  : 'missing' in gvisor && gvisor.missing
// Not through the console: what that prints of a file whose tests are all skipped is not shown.
if (missing) process.stderr.write(`SKIPPED, a worker under gVisor: ${missing}\n`)
const told = missing ? describe.skip : describe

told('a worker with LAB_RUNTIME=runsc', () => {
  let lab: WorkerLab
  let worker: WorkerProcess
  beforeAll(async () => {
    lab = await WorkerLab.open('missing' in gvisor ? {} : { runtimes: { runsc: gvisor } })
    worker = await lab.startWorker({ LAB_RUNTIME: 'runsc' })
  })
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })

  test('has passed the quick self-test under gVisor before it takes jobs', () => {
    expect(lab.reports.map(({ scope }) => scope)).toContain('quick')
    expect(lab.reports.flatMap(({ rows }) => rows).filter(({ verdict }) => verdict !== 'held')).toEqual([])
  })

  test('grades the reference solution in full and fails what attacks, and says under what it ran', async () => {
    const revision = lab.addLab(
      {
        checks: [
          { id: 'prints', exec: { run: ['./answer'], stdout: '42\n' } },
          { id: 'kept', script: 'checks/kept.sh' },
        ],
      },
      { 'checks/kept.sh': 'test "$(cat note)" = kept || { echo "the note says something else"; exit 1; }' },
    )
    const answer = (...lines: string[]) => ['#!/bin/bash', ...lines, ''].join('\n')
    const submit = (line: string) => lab.submit(revision, { answer: line, note: 'kept\n' })
    const verdictOf = async (line: string) => {
      const found = await lab.verdict(await submit(line))
      if (found.kind !== 'graded') throw new Error(JSON.stringify(found))
      const status = Object.fromEntries(found.checks.map(({ id, status }) => [id, status]))
      return { status, messages: found.checks.map(({ message }) => message ?? ''), sandbox: found.sandbox }
    }

    const honest = await verdictOf(answer('echo 42'))
    expect(honest.status).toEqual({ prints: 'passed', kept: 'passed' })
    expect(honest.sandbox).toMatchObject({ runtime: 'runsc', profile: 'strict' })

    const hostile = {
      wrong: answer('echo 41'),
      'kills the first process': answer('echo 42; kill -9 1; sleep 20'),
      'takes all memory': answer(`exec python3 -c 'x = b"x" * (2 << 30)'`),
      floods: answer('yes'),
      'forks for ever': answer('bomb() { bomb | bomb & }; bomb; sleep 1; echo 42 | grep 41'),
    }
    for (const [what, line] of Object.entries(hostile)) {
      const { status, messages } = await verdictOf(line)
      expect({ what, prints: status.prints, told: messages[0] !== '' }).toEqual({
        what,
        prints: 'failed',
        told: true,
      })
    }
    const again = await verdictOf(answer('echo 42'))
    expect(again.status).toEqual({ prints: 'passed', kept: 'passed' })
  })

  test('leaves nothing behind when it stops', async () => {
    expect(await worker.stop()).toBe(0)
    expect(await lab.engine.owners()).toEqual([])
  })

  test('a runtime that the engine does not know ends the worker at its start, with those that it has', async () => {
    await expect(lab.startWorker({ LAB_RUNTIME: 'runscc' })).rejects.toThrow(
      /ended with 1:[^]*no runtime \\"runscc\\"; it has [^"]*runsc/,
    )
  })
})

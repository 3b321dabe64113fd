/** An engine that goes away while gradings run: each ends with one verdict, and nothing is left behind. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { until, WorkerLab, type WorkerProcess } from './worker-lab.js'

jest.setTimeout(240_000)
const disturbing = process.env.COOPERAGE_TEST_DOCKER_HOST === undefined ? describe : describe.skip

disturbing('an engine that goes away', () => {
  let lab: WorkerLab
  let worker: WorkerProcess
  beforeAll(async () => {
    lab = await WorkerLab.open()
    worker = await lab.startWorker()
  })
  afterAll(async () => {
    await lab[Symbol.asyncDispose]()
  })

  const several = () => {
    const revision = lab.addLab(
      {
        checks: [
          { id: 'slow', exec: { run: ['sleep', '1'] } },
          { id: 'script', script: 'checks/s.sh' },
        ],
      },
      { 'checks/s.sh': 'exit 0' },
    )
    return Promise.all(Array.from({ length: 6 }, () => lab.submit(revision)))
  }

  test.each([
    ['restarted', () => lab.engine.host.restart()],
    ['killed and started again', () => lab.engine.host.kill9().then(() => lab.engine.host.restart())],
  ])('%s', async (_, disturb) => {
    const jobs = await several()
    await until('two run', async () => (await lab.gradings.getActiveCount()) === 2)
    await disturb()
    for (const job of jobs) {
      const verdict = await lab.verdict(job)
      expect(verdict).toMatchObject({
        kind: 'graded',
        checks: [{ status: 'passed' }, { status: 'passed' }],
      })
      expect(lab.finals(job)).toHaveLength(1)
    }
  })

  test('leaves none of its containers when the worker stops', async () => {
    expect(await worker.stop()).toBe(0)
    expect(await lab.engine.owners()).toEqual([])
  })
})

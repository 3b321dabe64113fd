/**
 * gVisor's containers end by SIGKILL whether the learner or the engine sends it: who it was decides whether a grading is tried
 * again. And what an engine leaves of them when it is killed.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Docker from 'dockerode'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineFault, UnknownRuntime, openEngine } from '../src/index.js'
import { gvisorMissing, openLab, shell, stdoutOf, type Lab } from './lab.js'

// An engine that is given is not the tests' to disturb.
const given = process.env.COOPERAGE_TEST_DOCKER_HOST !== undefined
const missing = await gvisorMissing()
const told = given || missing !== undefined ? describe.skip : describe

told('under gVisor', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab('runsc')
  }, 180_000)
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  }, 60_000)

  const docker = () => new Docker({ socketPath: lab.host.dockerHost.slice('unix://'.length) })

  /** Resolves when the engine says that a command of the container runs. */
  const untilRunning = async ({ id }: { id: string }) => {
    for (;;) {
      const { ExecIDs } = await docker().getContainer(id).inspect()
      const states = await Promise.all((ExecIDs ?? []).map((exec) => docker().getExec(exec).inspect()))
      if (states.some(({ Running, Pid }) => Running && Pid !== 0)) return
      await sleep(20)
    }
  }

  const endOf = (work: Promise<unknown>) => work.catch((error: unknown) => error)

  test('killed through the engine, by whomever: not the learner’s', async () => {
    await using container = await lab.ready()
    const outcome = endOf(container.run(shell('sleep 30')))
    await untilRunning(container)
    await docker().getContainer(container.id).kill()
    expect(await outcome).toBeInstanceOf(EngineFault)
  })

  test('killed by an engine that restarts: not the learner’s, and the next one works', async () => {
    await using container = await lab.ready()
    const outcome = endOf(container.run(shell('sleep 30')))
    await untilRunning(container)
    await lab.host.restart()
    expect(await outcome).toBeInstanceOf(EngineFault)
    await using next = await lab.ready()
    expect(stdoutOf(await next.run(shell('echo works')))).toBe('works')
  }, 120_000)

  test('ended by an engine that was killed and is back: nobody told, so it is not the learner’s', async () => {
    await using container = await lab.ready()
    await container.run(shell('true'))
    await lab.host.kill9()
    await lab.host.restart()
    expect(await endOf(container.run(shell('true')))).toBeInstanceOf(EngineFault)
  }, 120_000)

  test('a runtime that the engine does not know is told with those that it has', async () => {
    const { dockerHost } = lab.host
    await using engine = await openEngine({ dockerHost, installation: 'x', runtime: 'runscc' })
    const told = /no runtime "runscc"; it has .*runsc/
    await expect(engine.expectRuntime()).rejects.toThrow(told)
    await expect(engine.start(lab.spec())).rejects.toThrow(UnknownRuntime)
    await expect(lab.engine.expectRuntime()).resolves.toBeUndefined()
  })

  test('an engine that was killed with its containerd leaves no process once it is stopped', async () => {
    const own = await openLab('runsc')
    const container = await own.ready()
    const folder = own.host.dockerHost.slice('unix://'.length, -'/s'.length)
    const outcome = endOf(container.run(shell('sleep 300')))
    const before = await processesOf(folder)
    expect(before.some((line) => line.startsWith('runsc-sandbox'))).toBe(true)
    await own.host.killContainerd9()
    await own.host.kill9()
    expect(await outcome).toBeInstanceOf(EngineFault)
    expect((await processesOf(folder)).some((line) => line.startsWith('runsc-sandbox'))).toBe(true)
    await own.host.stop()
    expect(await processesOf(folder)).toEqual([])
  }, 120_000)
})

/** Command lines that name the folder. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(`${folder}/`))
}

/** An engine that is killed, restarted or hangs: an EngineFault each time, never the learner's fault, and it works again. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { EngineFault, openEngine } from '../src/index.js'
import { openLab, shell, stdoutOf, type Lab } from './lab.js'

const given = process.env.COOPERAGE_TEST_DOCKER_HOST !== undefined
const disturbing = given ? describe.skip : describe

disturbing('an engine that goes away', () => {
  let lab: Lab
  let unhandled: unknown[]
  const note = (reason: unknown) => unhandled.push(reason)
  beforeAll(async () => {
    lab = await openLab()
    process.on('unhandledRejection', note)
    process.on('uncaughtException', note)
  }, 180_000)
  beforeEach(() => {
    unhandled = []
  })
  afterAll(async () => {
    process.off('unhandledRejection', note)
    process.off('uncaughtException', note)
    await lab?.[Symbol.asyncDispose]()
  }, 60_000)

  const worksAgain = async () => {
    const container = await lab.ready()
    expect(stdoutOf(await container.run(shell('echo works')))).toBe('works')
    await container[Symbol.asyncDispose]()
    await lab.engine.drained()
    expect(unhandled).toEqual([])
  }

  test('killed under a command, a waiting container, a start and a put', async () => {
    const running = await lab.ready()
    const waiting = await lab.engine.start(lab.spec())
    const putting = await lab.engine.start(lab.spec())
    const outcome = running.run(shell('echo begun; sleep 30'))
    const failures = [
      outcome,
      putting.put([{ path: '/workspace/a', content: new Uint8Array(8 * 1024 * 1024) }]),
      lab.engine.start(lab.spec()),
    ].map((work) =>
      work.then(
        () => 'no fault',
        (error: unknown) => error,
      ),
    )
    await lab.host.kill9()
    const [command, , start] = await Promise.all(failures)
    expect(command).toBeInstanceOf(EngineFault)
    expect(start).toBeInstanceOf(EngineFault)
    await expect(lab.engine.ping()).rejects.toThrow(EngineFault)
    await expect(lab.engine.images()).rejects.toThrow(EngineFault)
    await expect(lab.engine.sweep(() => false, 0)).rejects.toThrow(EngineFault)
    expect(waiting.usable).toBe(false)
    await expect(waiting.put([])).rejects.toThrow(EngineFault)
    await lab.host.restart()
    await lab.engine.ping()
    await lab.engine.sweep(() => false, 0)
    await worksAgain()
    expect(await lab.engine.removeAll()).toBe(0)
  }, 60_000)

  test('restarted under a command: the containers that it kills are not the learner’s', async () => {
    const container = await lab.ready()
    const outcome = container.run(shell('echo begun; sleep 30')).catch((error: unknown) => error)
    await lab.host.restart()
    expect(await outcome).toBeInstanceOf(EngineFault)
    await lab.engine.removeAll()
    await worksAgain()
  }, 60_000)

  test('killed and back between two commands', async () => {
    const container = await lab.ready()
    await container.run(shell('true'))
    await lab.host.kill9()
    await lab.host.restart()
    await expect(container.run(shell('true'))).rejects.toThrow(EngineFault)
    await container[Symbol.asyncDispose]()
    await worksAgain()
  }, 60_000)

  test('a container that somebody else killed or removed', async () => {
    const killed = await lab.ready()
    const outcome = killed.run(shell('sleep 30')).catch((error: unknown) => error)
    await lab.engine.removeAll()
    expect(await outcome).toBeInstanceOf(EngineFault)
    await worksAgain()
  }, 60_000)

  test('a container that is removed at any moment of a start: what cannot start then is not the learner’s', async () => {
    for (let round = 0; round < 20; round++) {
      const container = await lab.ready()
      await container.run(shell('true'))
      const outcome = container.run(shell('sleep 30')).catch((error: unknown) => error)
      for (let turn = 0; turn < round; turn++) await lab.engine.ping()
      await lab.engine.removeAll()
      expect(await outcome).toBeInstanceOf(EngineFault)
      await container[Symbol.asyncDispose]()
    }
    await worksAgain()
  }, 120_000)

  test('disposed while the engine is away: removed when it is back', async () => {
    const container = await lab.ready()
    await lab.host.kill9()
    await container[Symbol.asyncDispose]()
    await lab.host.restart()
    await lab.engine.drained()
    expect(await lab.engine.removeAll()).toBe(0)
  }, 60_000)

  test('its containerd killed under commands: each ends as it should or with a fault', async () => {
    const containers = await Promise.all([lab.ready(), lab.ready(), lab.ready()])
    const wrong: unknown[] = []
    let faults = 0
    let killing: Promise<void> | undefined
    const work = containers.map(async (container) => {
      for (let time = 0; time < 100 && faults < 10; time++) {
        try {
          const outcome = await container.run(shell('exit 3', { timeoutMs: 8000 }))
          if (outcome.kind !== 'exited' || outcome.code !== 3) wrong.push(outcome)
        } catch (error) {
          if (!(error instanceof EngineFault)) return
          faults++
        }
        if (time === 3) killing ??= lab.host.killContainerd9()
      }
    })
    await Promise.all(work)
    await killing
    expect(wrong).toEqual([])
    expect(faults).toBeGreaterThan(0)
    await lab.host.restart()
    await lab.engine.removeAll()
    await worksAgain()
  }, 60_000)

  test('frozen: each call ends by its own clock', async () => {
    lab.host.freeze(true)
    try {
      await expect(lab.engine.ping()).rejects.toThrow('no answer')
    } finally {
      lab.host.freeze(false)
    }
    await worksAgain()
  }, 60_000)
})

test('an address without an engine is a fault', async () => {
  for (const dockerHost of ['unix:///nonexistent/socket', 'tcp://127.0.0.1:1']) {
    await using engine = await openEngine({ dockerHost, installation: 'x' })
    await expect(engine.ping()).rejects.toThrow(EngineFault)
  }
  await expect(openEngine({ dockerHost: 'nonsense', installation: 'x' })).rejects.toThrow(EngineFault)
})

test('what is no engine is a fault', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-none\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await using engine = await openEngine({ dockerHost: `tcp://127.0.0.1:${port}`, installation: 'x' })
  await expect(engine.ping()).rejects.toThrow(EngineFault)
  server.close()
})

/** kill -9 of each process that a running command needs: after a sweep nothing of its container is left on the host. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineTraces } from '@cooperage/testing'
import { EngineFault, type ReadyContainer } from '../src/index.js'
import { openLab, shell, stdoutOf, type Lab } from './lab.js'

const given = process.env.COOPERAGE_TEST_DOCKER_HOST !== undefined
const disturbing = given ? describe.skip : describe
/** What a sweep may take, and what an issue of the product promises. */
const patienceMs = 60_000

disturbing('after a kill -9', () => {
  let lab: Lab
  /** With no container. */
  let quiet: EngineTraces
  beforeAll(async () => {
    lab = await openLab()
    quiet = await lab.host.traces()
    expect([quiet.contained, quiet.keepers]).toEqual([[], []])
  }, 180_000)
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  }, 60_000)

  const cmdline = (pid: number) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + patienceMs; !(await holds()); await sleep(100)) {
      if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${what}`)
    }
  }
  /** A container in which a command runs that ends by no doing of its own. */
  async function underWay(): Promise<{ container: ReadyContainer; outcome: Promise<unknown> }> {
    const container = await lab.ready()
    const outcome = container
      .run(shell('setsid sleep 301 & exec sleep 300', { timeoutMs: 120_000 }))
      .catch((error: unknown) => error)
    await until('the command runs', async () => {
      const lines = await Promise.all((await lab.host.traces()).contained.map(cmdline))
      return ['300', '301'].every((time) => lines.some((line) => line === `sleep\0${time}\0`))
    })
    return { container, outcome }
  }
  /** As a worker's reaper does it for a worker that is dead, again and again. */
  async function nothingIsLeft(): Promise<void> {
    let left: EngineTraces | undefined
    await until(`nothing is left`, async () => {
      await lab.engine.sweep(() => false, 0).catch(() => 0)
      left = await lab.host.traces()
      const more = left.mounts.filter((mount) => !quiet.mounts.includes(mount))
      return left.contained.length + left.keepers.length + more.length === 0
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(left)}`)
    })
    expect(await lab.engine.removeAll()).toBe(0)
    const next = await lab.ready()
    expect(stdoutOf(await next.run(shell('echo works')))).toBe('works')
    await next[Symbol.asyncDispose]()
    await lab.engine.drained()
  }

  test('of the engine', async () => {
    const { outcome } = await underWay()
    await lab.host.kill9()
    expect(await outcome).toBeInstanceOf(EngineFault)
    await lab.host.restart()
    await nothingIsLeft()
  }, 150_000)

  test('of its containerd', async () => {
    const { outcome } = await underWay()
    await lab.host.killContainerd9()
    await nothingIsLeft()
    expect(await outcome).toBeInstanceOf(EngineFault)
  }, 150_000)

  test('of both at once', async () => {
    const { outcome } = await underWay()
    await Promise.all([lab.host.killContainerd9(), lab.host.kill9()])
    expect(await outcome).toBeInstanceOf(EngineFault)
    await lab.host.restart()
    await nothingIsLeft()
  }, 150_000)

  test('of the shim that keeps the container', async () => {
    const { container, outcome } = await underWay()
    const { keepers } = await lab.host.traces()
    const shims = []
    for (const pid of keepers) if ((await cmdline(pid)).includes(container.id)) shims.push(pid)
    expect(shims).toHaveLength(1)
    for (const pid of shims) process.kill(pid, 'SIGKILL')
    await nothingIsLeft()
    expect(await outcome).toBeInstanceOf(EngineFault)
  }, 150_000)

  test('of the runtime while it starts the command', async () => {
    const container = await lab.ready()
    await container.run(shell('true'))
    // Looks at each process again and again, since a runtime is there for some milliseconds only.
    const hunter = spawn(process.execPath, ['-e', hunt, container.id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(hunter.stdout, 'data')
    const outcomes: unknown[] = []
    while (hunter.exitCode === null && outcomes.length < 50) {
      outcomes.push(await container.run(shell('echo ran')).catch((error: unknown) => error))
    }
    if (hunter.exitCode === null) {
      hunter.kill()
      throw new Error('no runtime was ever seen')
    }
    // Whoever it was that failed, it was not the learner.
    for (const outcome of outcomes) {
      if (outcome instanceof EngineFault) continue
      expect(outcome).toMatchObject({ kind: 'exited', code: 0 })
    }
    await nothingIsLeft()
  }, 150_000)
})

/** Kills the first runtime that starts something in the container of the given id. */
const hunt = `
const { readdirSync, readFileSync } = require('node:fs')
const id = process.argv[1]
console.log('hunting')
for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
  for (const pid of readdirSync('/proc')) {
    if (!/^\\d+$/.test(pid)) continue
    let line = ''
    try { line = readFileSync('/proc/' + pid + '/cmdline', 'utf8') } catch { continue }
    if (!/^[^\\0]*runc\\0/.test(line) || !line.includes('\\0exec\\0') || !line.includes(id)) continue
    try { process.kill(Number(pid), 'SIGKILL') } catch { continue }
    process.exit(0)
  }
}
process.exit(1)`

// Keeps a service running: starts it, waits until it answers, and starts it again when it dies.

import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { type ChildSpec, type Exit, type StartedChild, startChild } from './child.js'

export type ServiceSpec = {
  /** as people read it: `Redis` */
  title: string
  child: ChildSpec
  /** whether it answers now; may throw as long as it does not */
  answers: () => Promise<boolean>
  readyWithinMs?: number
  /** clears what a crash left, before each further start */
  beforeRestart?: () => Promise<void>
}

export type StartedService = {
  stop: () => Promise<void>
  pid: () => number
}

const firstPauseMs = 200
const longestPauseMs = 10_000
const steadyAfterMs = 60_000

/**
 * Starts the service and returns once it answers; from then on it is started again whenever it ends.
 * @throws {Trouble} when it ends, or does not answer in time, on this first start
 */
export async function superviseService(spec: ServiceSpec, progress: Progress): Promise<StartedService> {
  let child = await startUntilItAnswers(spec)
  const stopping = new AbortController()
  const watching = watch()

  async function watch(): Promise<void> {
    let pause = firstPauseMs
    for (;;) {
      const since = performance.now()
      const exit = await child.exited
      if (stopping.signal.aborted) return
      if (performance.now() - since > steadyAfterMs) pause = firstPauseMs
      progress.warn(
        `${spec.title} ended (${describeExit(exit)}); starting it again. Its log: ${spec.child.log}`,
      )
      for (;;) {
        await wait(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
        if (stopping.signal.aborted) return
        pause = Math.min(pause * 2, longestPauseMs)
        const again = await restart()
        if (again) break
      }
    }
  }

  async function restart(): Promise<boolean> {
    try {
      await spec.beforeRestart?.()
      child = await startUntilItAnswers(spec, stopping.signal)
      if (stopping.signal.aborted) await child.stop()
      progress.line(`✔ ${spec.title} is back`)
      return true
    } catch {
      return false
    }
  }

  return {
    pid: () => child.identity.pid,
    stop: async () => {
      stopping.abort()
      await child.stop()
      await watching
    },
  }
}

async function startUntilItAnswers(spec: ServiceSpec, stopping?: AbortSignal): Promise<StartedChild> {
  const child = await startChild(spec.child)
  const deadline = performance.now() + (spec.readyWithinMs ?? 60_000)
  let exit: Exit | undefined
  void child.exited.then((value) => (exit = value))
  while (!(await spec.answers().catch(() => false))) {
    if (exit) {
      throw new Trouble(
        `${spec.title} ended while it was starting (${describeExit(exit)})${lastWords(spec.child.log)}`,
        `Its log: ${spec.child.log}`,
      )
    }
    if (performance.now() > deadline || stopping?.aborted) {
      await child.stop()
      throw new Trouble(`${spec.title} was started and does not answer.`, `Its log: ${spec.child.log}`)
    }
    await wait(50)
  }
  return child
}

function describeExit({ code, signal }: Exit): string {
  return signal ? `signal ${signal}` : `exit code ${code}`
}

/** The last lines of a log that say something, without a stack. */
export function lastWords(log: string): string {
  try {
    const lines = readFileSync(log, 'utf8').trim().split('\n')
    const speaking = lines.filter((line) => line.trim() && !/^\s+at /.test(line)).slice(-4)
    return speaking.length === 0
      ? '.'
      : `:\n${speaking.map((line) => `    ${line.slice(0, 300)}`).join('\n')}`
  } catch {
    return '.'
  }
}

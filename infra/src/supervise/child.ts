// One process of a service: its output in a log, and written down, so that whoever cleans up after this process finds it.

import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Account } from '../host/accounts.js'
import { endProcesses, findProcess, isAlive, type ProcessIdentity } from '../host/processes.js'

export type ChildSpec = {
  command: string
  args: string[]
  /** the whole environment: nothing is inherited */
  env: Record<string, string>
  cwd?: string
  account?: Account | undefined
  log: string
  runFile: string
  /** how the service is asked to end; default SIGTERM */
  stopSignal?: NodeJS.Signals
  graceMs?: number
}

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

export type StartedChild = {
  identity: ProcessIdentity
  exited: Promise<Exit>
  stop: () => Promise<void>
}

/** What a child may know of this machine; the rest of the environment is named by each service. */
export function basicEnv(): Record<string, string> {
  const names = ['HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']
  const kept = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []))
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...Object.fromEntries(kept) }
}

/** @throws when the program cannot be started at all */
export async function startChild(spec: ChildSpec): Promise<StartedChild> {
  const stopSignal = spec.stopSignal ?? 'SIGTERM'
  const log = openSync(spec.log, 'a', 0o600)
  // A session of its own: Ctrl-C on the terminal reaches this process alone, which then stops the services in order.
  const child = spawn(spec.command, spec.args, {
    ...spec.account,
    cwd: spec.cwd ?? '/',
    env: spec.env,
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: 127, signal: null }))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const identity = findProcess(child.pid ?? 0) ?? { pid: child.pid ?? 0, startTime: '' }
  writeFileSync(spec.runFile, JSON.stringify(identity))
  void exited.then(() => rmSync(spec.runFile, { force: true }))
  return {
    identity,
    exited,
    stop: async () => {
      if (isAlive(identity))
        await endProcesses([identity], { signal: stopSignal, graceMs: spec.graceMs ?? 10_000 })
      await exited
    },
  }
}

/** Ends what a start that was killed has left of a service. */
export async function endLeftover(runFile: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const identity = readIdentity(runFile)
  if (identity && isAlive(identity)) await endProcesses([identity], { signal })
  rmSync(runFile, { force: true })
}

function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

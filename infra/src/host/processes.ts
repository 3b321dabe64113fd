// Processes by what the kernel says about them. A process is a pid and its start time: a pid alone may have been given to another.

import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export type ProcessIdentity = { pid: number; startTime: string }

/** undefined when there is no such process, or when it has ended and only waits to be collected */
export function findProcess(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces and parentheses itself; fields are counted from the last one (proc(5): 3 is the state, 22 the start time).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const startTime = fields[19]
    return startTime === undefined || fields[0] === 'Z' ? undefined : { pid, startTime }
  } catch {
    return undefined
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return findProcess(identity.pid)?.startTime === identity.startTime
}

/** The processes of programs of that name (a pattern for the whole file name) whose command line holds the text. */
export function findByCommandLine(program: RegExp, text: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const line = commandLine(Number(name))
      return line.includes(text) && program.test(path.basename(line.split(' ')[0] ?? ''))
    })
    .flatMap((name) => findProcess(Number(name)) ?? [])
}

/** Arguments separated by spaces; empty when unknown. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** Asks the processes to end, insists after the grace, and returns when they are gone. */
export async function endProcesses(
  identities: ProcessIdentity[],
  { signal = 'SIGTERM', graceMs = 10_000 }: { signal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<void> {
  const send = (which: NodeJS.Signals) => {
    for (const identity of identities) if (isAlive(identity)) tryKill(identity.pid, which)
  }
  send(signal)
  const deadline = performance.now() + graceMs
  while (identities.some(isAlive)) {
    if (performance.now() > deadline) send('SIGKILL')
    if (performance.now() > deadline + 5000) return
    await wait(25)
  }
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in between.
  }
}

// Installs packages of Debian or Ubuntu, when this process is root: only those named and what they depend on, and without letting
// any service of theirs start.

import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Progress, Step } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { isRoot } from './accounts.js'
import { findProgram } from './binaries.js'

const policyFile = '/usr/sbin/policy-rc.d'
const policy =
  '#!/bin/sh\n# Written by Cooperage while it installs a package: no service is to start.\nexit 101\n'

export function canInstall(): boolean {
  return isRoot() && findProgram('apt-get') !== undefined && existsSync('/etc/debian_version')
}

/** `apt-get install postgresql`: what to tell someone who has to do it by hand. */
export function installAdvice(packages: string[]): string {
  if (existsSync('/etc/debian_version')) {
    return `Install it with \`sudo apt-get install ${packages.join(' ')}\`, or run this as root and it is installed for you.`
  }
  return `Install it with this system's package manager (Debian and Ubuntu call it ${packages.join(', ')}).`
}

let queue: Promise<unknown> = Promise.resolve()

/**
 * One installation at a time, since apt has one lock.
 * @throws {Trouble} with what apt said, shortened
 */
export function installPackages(packages: string[], progress: Progress): Promise<void> {
  const turn = queue.then(() =>
    progress.during(`Installing ${packages.join(', ')} from the distribution`, (step) =>
      install(packages, step),
    ),
  )
  queue = turn.catch(() => undefined)
  return turn
}

async function install(packages: string[], step: Step): Promise<void> {
  const unknown = async () => {
    const policies = await Promise.all(packages.map((name) => apt('apt-cache', ['policy', name])))
    return policies.some(({ output }) => readCandidate(output) === undefined)
  }
  if (await unknown()) {
    step.update('reading the package lists')
    await update(step)
  }
  const hadPolicy = existsSync(policyFile) && readFileSync(policyFile, 'utf8') !== policy
  if (!hadPolicy) {
    writeFileSync(policyFile, policy)
    chmodSync(policyFile, 0o755)
  }
  try {
    let result = await aptInstall(packages, step)
    if (result.code !== 0 && isStale(result.output)) {
      step.update('the package lists are old; reading them again')
      await update(step)
      result = await aptInstall(packages, step)
    }
    if (result.code !== 0) throw aptTrouble(packages, result.output)
  } finally {
    if (!hadPolicy) rmSync(policyFile, { force: true })
  }
}

async function update(step: Step): Promise<void> {
  const result = await apt('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=120'], step)
  if (result.code !== 0) throw aptTrouble(['the package lists'], result.output)
}

function aptInstall(packages: string[], step: Step) {
  const options = ['--no-install-recommends', '-y', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0']
  return apt('apt-get', ['install', ...options, ...packages], step)
}

/** The version that apt would install, of the output of `apt-cache policy <package>`; undefined when it knows none. */
export function readCandidate(output: string): string | undefined {
  const candidate = /^\s*Candidate:\s*(\S+)/m.exec(output)?.[1]
  return candidate === '(none)' ? undefined : candidate
}

/** Whether apt failed because its lists name files that the mirror no longer has. */
export function isStale(output: string): boolean {
  return /404\s+Not Found|Unable to locate package|has no installation candidate|Hash Sum mismatch/.test(
    output,
  )
}

export function aptTrouble(packages: string[], output: string): Trouble {
  const what = packages.join(', ')
  if (/No space left|n't have enough free space/i.test(output)) {
    return new Trouble(`The disk is too full to install ${what}.`, 'Free some space and start again.')
  }
  if (
    /Could not resolve|Failed to fetch|Temporary failure|Could not connect|Connection timed out/i.test(output)
  ) {
    return new Trouble(
      `The download of ${what} failed.`,
      'Check that this machine reaches its package mirror (`apt-get update`) and start again.',
    )
  }
  if (/Could not get lock/i.test(output)) {
    return new Trouble(
      `Another program holds apt's lock, so ${what} could not be installed.`,
      'Start again when it is done.',
    )
  }
  const reason = output.split('\n').find((line) => line.startsWith('E: '))
  return new Trouble(
    `apt could not install ${what}${reason ? `: ${reason.slice(3)}` : '.'}`,
    installAdvice(packages),
  )
}

function apt(command: string, args: string[], step?: Step): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const last = text.trim().split('\n').at(-1)
        if (last) step?.update(last)
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

// Under which account a service runs. Started by root, the databases run under an account that owns nothing else; started by anybody
// else, everything runs as that person.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { findProgram } from './binaries.js'

export type Account = { uid: number; gid: number }

const ownName = 'cooperage'

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * The account of a service: that of its package (`postgres`, `redis`) if there is one, else one of our own, made on first use. `nobody`
 * would be shared with whatever else runs as nobody, so it is the last resort. Undefined when this process is not root.
 */
export function serviceAccount(packageAccount: string): Account | undefined {
  if (!isRoot()) return undefined
  return findAccount(packageAccount) ?? findAccount(ownName) ?? createAccount() ?? findAccount('nobody')
}

function findAccount(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

function createAccount(): Account | undefined {
  const useradd = findProgram('useradd')
  if (!useradd) return undefined
  const shell = findProgram('nologin') ?? '/bin/false'
  spawnSync(useradd, [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    shell,
    ownName,
  ])
  return findAccount(ownName)
}

/** Whether that account can go through every folder above this one and into it. */
export function canEnter(folder: string, account: Account): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, env: {}, cwd: '/' })
  return status === 0
}

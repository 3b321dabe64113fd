// The cgroup that the private engine's containers are in. All that differs between cgroup v1 (a tree for each controller) and
// v2 (one tree) is here.

import { existsSync, readFileSync, readdirSync, rmdirSync } from 'node:fs'
import path from 'node:path'
import { findProcess, type ProcessIdentity } from './processes.js'

const top = '/sys/fs/cgroup'

/** Every folder of the group, in every tree, the innermost first. */
function foldersOf(group: string): string[] {
  const trees = existsSync(path.join(top, 'cgroup.procs'))
    ? [top]
    : list(top).map((name) => path.join(top, name))
  return trees
    .map((tree) => path.join(tree, group))
    .flatMap((folder) => (existsSync(folder) ? inside(folder) : []))
}

function inside(folder: string): string[] {
  return [...list(folder).flatMap((name) => inside(path.join(folder, name))), folder]
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  } catch {
    return []
  }
}

export function processesInGroup(group: string): ProcessIdentity[] {
  const pids = foldersOf(group).flatMap((folder) => {
    try {
      return readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
    } catch {
      return []
    }
  })
  return [...new Set(pids)].flatMap((pid) => findProcess(Number(pid)) ?? [])
}

/** Removes the group; what still has a process in it stays. */
export function removeGroup(group: string): void {
  for (const folder of foldersOf(group)) {
    try {
      rmdirSync(folder)
    } catch {
      // Busy: the caller ends processes first, and the next start tries again.
    }
  }
}

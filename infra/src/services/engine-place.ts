// Where the private engine lives, and how all of it is taken away again.

import { rmSync } from 'node:fs'
import path from 'node:path'
import { processesInGroup, removeGroup } from '../host/cgroups.js'
import { unmountAll } from '../host/mounts.js'
import { endProcesses, findByCommandLine } from '../host/processes.js'
import type { Installation } from '../installation.js'
import { endLeftover } from '../supervise/child.js'

export type EnginePlace = {
  /** sockets and the like; short, since a socket's path may have 107 bytes */
  run: string
  socket: string
  containerdSocket: string
  data: string
  cgroup: string
}

export function placeOfEngine(installation: Installation): EnginePlace {
  const run = `/run/cooperage-${installation.id}`
  return {
    run,
    socket: path.join(run, 'docker.sock'),
    containerdSocket: path.join(run, 'containerd.sock'),
    // The remapped root, another account, must be able to reach it. Which one it is the engine decides later; any will do.
    data: installation.place('engine', { visitor: { uid: 100_000, gid: 100_000 } }),
    cgroup: `cooperage-${installation.id}`,
  }
}

/** Takes away whatever a previous run left: processes, mounts, cgroup, sockets. Images and layers stay. */
export async function clearEngine(installation: Installation, place: EnginePlace): Promise<void> {
  await endLeftover(installation.runFile('engine'))
  await endLeftover(installation.runFile('containerd'))
  // Shims name the engine's folder in their arguments; a container's own processes are in its cgroup.
  await endProcesses(findByCommandLine(/^(docker|containerd|runs?c)/, `${place.run}/`), { graceMs: 3000 })
  await endProcesses(processesInGroup(place.cgroup), { signal: 'SIGKILL' })
  unmountAll(place.run)
  unmountAll(place.data)
  removeGroup(place.cgroup)
  rmSync(place.run, { recursive: true, force: true })
}

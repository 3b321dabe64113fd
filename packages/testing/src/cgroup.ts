/** The cgroup of a test engine's containers. All that differs between cgroup v1 (a tree for each controller) and v2 (one tree) is here. */
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const TOP = '/sys/fs/cgroup'
const MiB = 1024 * 1024
const PERIOD_US = 100_000

/** What all containers of an engine may use together. */
export interface CgroupBounds {
  /** Processes and threads. */
  readonly pids: number
  /** MiB, swap included where the kernel counts it. */
  readonly memoryMb: number
  /** CPUs, may be a fraction. */
  readonly cpus: number
}

/** Makes the group where there is none, and bounds it. Throws when a bound does not hold: then nothing may run in it. */
export async function boundCgroup(name: string, { pids, memoryMb, cpus }: CgroupBounds): Promise<void> {
  const memory = String(memoryMb * MiB)
  const quota = String(Math.round(cpus * PERIOD_US))
  if (await isUnified()) {
    const group = join(TOP, name)
    await mkdir(group, { recursive: true })
    await writeFile(join(TOP, 'cgroup.subtree_control'), '+cpu +memory +pids')
    await bound(join(group, 'pids.max'), String(pids))
    await bound(join(group, 'memory.max'), memory)
    await unlessMissing(bound(join(group, 'memory.swap.max'), '0'))
    await bound(join(group, 'cpu.max'), `${quota} ${PERIOD_US}`)
    return
  }
  for (const tree of ['pids', 'memory', 'cpu']) await mkdir(join(TOP, tree, name), { recursive: true })
  await bound(join(TOP, 'pids', name, 'pids.max'), String(pids))
  await bound(join(TOP, 'memory', name, 'memory.limit_in_bytes'), memory)
  await unlessMissing(bound(join(TOP, 'memory', name, 'memory.memsw.limit_in_bytes'), memory))
  await bound(join(TOP, 'cpu', name, 'cpu.cfs_period_us'), String(PERIOD_US))
  await bound(join(TOP, 'cpu', name, 'cpu.cfs_quota_us'), quota)
}

async function bound(file: string, value: string): Promise<void> {
  // r+: where a kernel has no such bound there must be no file of that name.
  await writeFile(file, value, { flag: 'r+' })
  const kept = (await readFile(file, 'utf8')).trim()
  if (kept !== value) throw new Error(`${file} is ${kept} where ${value} was asked for`)
}

/** Swap is counted by some kernels only. */
async function unlessMissing(work: Promise<void>): Promise<void> {
  await work.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

const isUnified = () =>
  readFile(join(TOP, 'cgroup.controllers'), 'utf8').then(
    () => true,
    () => false,
  )

/** The group's folder and its children's, in each tree. */
async function groupsOf(name: string): Promise<string[]> {
  const tops = ['', ...(await readdir(TOP).catch(() => []))]
  const found: string[] = []
  for (const top of tops) {
    const group = join(TOP, top, name)
    const children = await readdir(group, { withFileTypes: true }).catch(() => undefined)
    if (!children) continue
    found.push(
      ...children.filter((child) => child.isDirectory()).map((child) => join(group, child.name)),
      group,
    )
  }
  return found
}

export async function processesIn(cgroup: string): Promise<number[]> {
  const lists = (await groupsOf(cgroup)).map((group) =>
    readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => ''),
  )
  return (await Promise.all(lists)).flatMap((list) => list.split('\n').filter(Boolean).map(Number))
}

export async function removeCgroups(cgroup: string): Promise<void> {
  for (const group of await groupsOf(cgroup)) await rmdir(group).catch(() => undefined)
}

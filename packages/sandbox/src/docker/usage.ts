/** What a container uses, by the engine's one-shot statistics, whose shape differs between cgroup v1 and v2 in details. */
import type Docker from 'dockerode'
import { EngineFault, type ContainerUsage } from '../port.js'
import { call } from './connection.js'

interface Statistics {
  readonly pids_stats?: { readonly current?: number }
  readonly memory_stats?: {
    readonly usage?: number
    /** v1 says `total_inactive_file`, v2 `inactive_file`: page cache that the kernel takes back by itself. */
    readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number }
  }
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } }
}

/** Throws EngineFault, also when the container does not run. */
export async function usageOf(container: Docker.Container): Promise<ContainerUsage> {
  const options = { stream: false, 'one-shot': true }
  const answer = await call(
    'stats',
    (abortSignal) => container.stats({ ...options, abortSignal } as { stream: false }) as Promise<unknown>,
  )
  const { pids_stats, memory_stats, cpu_stats } = answer as Statistics
  const usage = memory_stats?.usage
  if (usage === undefined) throw new EngineFault('stats: the container does not run')
  const reclaimable = memory_stats?.stats?.total_inactive_file ?? memory_stats?.stats?.inactive_file ?? 0
  return {
    pids: pids_stats?.current ?? 0,
    memoryBytes: Math.max(0, usage - reclaimable),
    cpuMs: (cpu_stats?.cpu_usage?.total_usage ?? 0) / 1e6,
  }
}

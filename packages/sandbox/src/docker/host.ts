/** The engine's word on its host, as plain values. */
import { createHash } from 'node:crypto'
import type Docker from 'dockerode'
import type { HostFacts } from '../port.js'
import { call } from './connection.js'

/** Of `GET /info`; every field may be missing on some engine. */
interface EngineInfo {
  readonly ID?: string
  readonly Name?: string
  readonly ServerVersion?: string
  readonly KernelVersion?: string
  readonly Architecture?: string
  readonly NCPU?: number
  readonly MemTotal?: number
  readonly CgroupVersion?: string
  readonly SecurityOptions?: readonly string[]
  readonly Runtimes?: Readonly<Record<string, unknown>>
  readonly Driver?: string
  readonly DriverStatus?: readonly (readonly string[])[]
  readonly SwapLimit?: boolean
  readonly PidsLimit?: boolean
  readonly MemoryLimit?: boolean
}

/** Throws EngineFault. */
export async function hostFacts(docker: Docker): Promise<HostFacts> {
  const info = (await call('info', () => docker.info())) as EngineInfo
  // As in `name=seccomp,profile=default`.
  const options = (info.SecurityOptions ?? []).map((option) => /^name=([^,]+)/.exec(option)?.[1] ?? option)
  const status = new Map((info.DriverStatus ?? []).map(([name = '', value = '']) => [name, value]))
  return {
    id: createHash('sha256')
      .update(info.ID ?? '')
      .digest('hex')
      .slice(0, 16),
    name: info.Name ?? '',
    engineVersion: info.ServerVersion ?? '',
    kernel: info.KernelVersion ?? '',
    architecture: info.Architecture ?? '',
    cpus: info.NCPU ?? 1,
    memoryBytes: info.MemTotal ?? 0,
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    userNamespaces: options.includes('rootless')
      ? 'rootless'
      : options.includes('userns')
        ? 'remapped'
        : 'none',
    runtimes: Object.keys(info.Runtimes ?? {}),
    securityModules: options.filter((option) => option === 'apparmor' || option === 'selinux'),
    storageDriver: info.Driver ?? '',
    // overlay2 bounds a layer on xfs with project quotas only; these drivers always can.
    storageQuota:
      ['btrfs', 'zfs', 'devicemapper'].includes(info.Driver ?? '') ||
      (info.Driver === 'overlay2' && status.get('Backing Filesystem') === 'xfs'),
    swapLimit: info.SwapLimit ?? false,
    pidsLimit: info.PidsLimit ?? false,
    memoryLimit: info.MemoryLimit ?? false,
  }
}

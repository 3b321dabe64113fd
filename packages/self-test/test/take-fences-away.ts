/** How each fence is taken out of what the engine is asked for. Only for an engine that is confined. */
import type { CreateBody } from '@cooperage/testing'
import type { Fence } from '../src/attack.js'

/** `user-namespaces` is the engine's own: one that has none is started. */
type PodFence = Exclude<Fence, 'user-namespaces'>

/** What lets an attack on the kernel through; none that could end this machine, or change its clock, by a call that works. */
const CAPABILITIES =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER KILL MKNOD NET_ADMIN NET_RAW SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_PACCT SYS_PTRACE SYSLOG'

const securityWithout = (body: CreateBody, option: string) =>
  (body.HostConfig.SecurityOpt as string[]).filter((each) => !each.startsWith(option))

const takeAway: Record<PodFence, (body: CreateBody) => void> = {
  user: (body) => (body.User = '0:0'),
  capabilities: ({ HostConfig }) =>
    Object.assign(HostConfig, { CapDrop: [], CapAdd: CAPABILITIES.split(' ') }),
  'no-new-privileges': (body) => (body.HostConfig.SecurityOpt = securityWithout(body, 'no-new-privileges')),
  seccomp: (body) =>
    (body.HostConfig.SecurityOpt = [...securityWithout(body, 'seccomp='), 'seccomp=unconfined']),
  // Network and IPC of the host go together with its users only.
  network: (body) => {
    delete body.Hostname
    body.NetworkDisabled = false
    Object.assign(body.HostConfig, { NetworkMode: 'host', UsernsMode: 'host' })
  },
  'ipc-namespace': ({ HostConfig }) => Object.assign(HostConfig, { IpcMode: 'host', UsernsMode: 'host' }),
  'cgroup-namespace': ({ HostConfig }) => (HostConfig.CgroupnsMode = 'host'),
  'read-only-root': ({ HostConfig }) => (HostConfig.ReadonlyRootfs = false),
  'masked-paths': ({ HostConfig }) => (HostConfig.MaskedPaths = []),
  'read-only-paths': ({ HostConfig }) => (HostConfig.ReadonlyPaths = []),
  // Large, and yet bounded: it is this machine's memory.
  'tmpfs-options': ({ HostConfig }) => {
    const folders = Object.keys(HostConfig.Tmpfs as Record<string, string>)
    const options = 'rw,exec,suid,dev,size=256m,nr_inodes=32768,uid=1000,gid=1000,mode=1777'
    HostConfig.Tmpfs = Object.fromEntries(folders.map((folder) => [folder, options]))
  },
  'memory-limit': ({ HostConfig }) => {
    delete HostConfig.MemorySwappiness
    Object.assign(HostConfig, { Memory: 0, MemorySwap: 0 })
  },
  'pids-limit': ({ HostConfig }) => (HostConfig.PidsLimit = 0),
  // With its low weight the pod would get little on a busy machine.
  'cpu-limit': ({ HostConfig }) => Object.assign(HostConfig, { NanoCpus: 0, CpuShares: 0 }),
  ulimits: ({ HostConfig }) => (HostConfig.Ulimits = []),
}

/** For `weakenEngine`. Throws for what would be a danger to this machine. */
export function without(fences: readonly Fence[]): (body: CreateBody) => void {
  const onHost = fences.some((fence) => fence === 'network' || fence === 'ipc-namespace')
  if (onHost && fences.length > 1) throw new Error('in a namespace of the host nothing else is taken away')
  return (body) => {
    for (const fence of fences) if (fence !== 'user-namespaces') takeAway[fence](body)
  }
}

/**
 * The strict profile: every field of a learner's or grader's container, as data, and the one function that
 * turns it into what the engine's `POST /containers/create` takes. A test reads each container back and fails
 * on any field that differs.
 */
import { createHash } from 'node:crypto'
import type { ContainerLimits, ContainerRole, ContainerSpec, Isolation } from './port.js'
import { enforcedLimits, RUNTIMES } from './runtimes.js'

const MiB = 1024 * 1024

/** Folders that a role's files may be put into, each a tmpfs of its own. */
export const ROOTS: Record<ContainerRole, readonly string[]> = {
  learner: ['/workspace'],
  grader: ['/workspace', '/checks', '/exec'],
}

/** What the engine's default hides, as it hides it. */
const MASKED_BY_DEFAULT = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
]

/** Facts of the host that a lab has no use for: kernel command line, disks, memory map, counters, devices. */
const MASKED_TOO = [
  '/proc/cmdline',
  '/proc/config.gz',
  '/proc/kallsyms',
  '/proc/iomem',
  '/proc/ioports',
  '/proc/interrupts',
  '/proc/softirqs',
  '/proc/diskstats',
  '/proc/partitions',
  '/proc/zoneinfo',
  '/proc/buddyinfo',
  '/proc/vmstat',
  '/proc/key-users',
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/tty',
  '/proc/locks',
  '/proc/modules',
  '/proc/driver',
  '/proc/pressure',
  '/proc/sys/kernel/random/boot_id',
  '/sys/block',
  '/sys/bus',
  '/sys/class',
  '/sys/dev',
  '/sys/devices/virtual',
  '/sys/devices/pci0000:00',
  '/sys/kernel',
  '/sys/module',
  '/sys/power',
  '/sys/hypervisor',
  '/sys/fs/ext4',
  '/sys/fs/btrfs',
  '/sys/fs/xfs',
  '/sys/fs/pstore',
  '/sys/fs/bpf',
  '/sys/fs/fuse',
]

const READ_ONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** Inodes of `/workspace` and of `/checks`: bounds files as `size` bounds bytes. */
const INODES = 4096

const ULIMITS = [
  { Name: 'nofile', Soft: 256, Hard: 256 },
  { Name: 'fsize', Soft: 32 * MiB, Hard: 32 * MiB },
  { Name: 'core', Soft: 0, Hard: 0 },
  { Name: 'msgqueue', Soft: 0, Hard: 0 },
  { Name: 'memlock', Soft: 0, Hard: 0 },
]

const ENVIRONMENT: Record<ContainerRole, readonly string[]> = {
  learner: ['HOME=/workspace', 'LANG=C.UTF-8'],
  // The grader's home is not the workspace, nor does Python import from there: dot files and modules that a
  // learner leaves must not steer curl, jq, git or a check.
  grader: ['HOME=/tmp', 'LANG=C.UTF-8', 'EXEC_DIR=/exec', 'PYTHONSAFEPATH=1', 'PYTHONDONTWRITEBYTECODE=1'],
}

const owned = (options: string) => `rw,nosuid,nodev,${options},uid=1000,gid=1000,mode=0755`

/** A tmpfs takes no noexec where the learner builds and runs; the grader never runs what a learner made. */
function folders(role: ContainerRole, limits: ContainerLimits): Record<string, string> {
  const workspace = `size=${limits.diskMb}m,nr_inodes=${INODES}`
  const own: Record<string, string> =
    role === 'learner'
      ? { '/workspace': owned(`exec,${workspace}`) }
      : {
          '/workspace': owned(`noexec,${workspace}`),
          '/checks': owned(`exec,size=16m,nr_inodes=${INODES}`),
          '/exec': owned('noexec,size=16m,nr_inodes=512'),
        }
  return {
    '/tmp': 'rw,nosuid,nodev,noexec,size=32m,nr_inodes=2048,mode=1777',
    // A folder of its own because the engine's option for it bounds bytes only.
    '/dev/shm': 'rw,nosuid,nodev,noexec,size=8m,nr_inodes=512,mode=1777',
    ...own,
  }
}

/**
 * The first process: takes the files as a tar on its stdin, says so in one line, then only waits and reaps.
 *
 * - It is the container's PID 1 itself, without the engine's init before it: `kill -9 -1` of the same uid spares
 *   PID 1 alone, so a shell under an init would be killed with the learner's leftovers and end the container.
 * - tar waits for its input before the container is handed out, so that no process has to be started to put.
 * - `init` is a shell that its own uid may run but not read: not dumpable, out of reach of `/proc/1/mem`. An
 *   image without it works, with its own bash, but a learner could then end the container.
 * - The kernel gives PID 1 no signal from inside that it has not asked for, so nothing in the container ends it.
 *   It asks for SIGUSR1, to kill everything else, for a container whose process limit is used up; and the shell's
 *   own SIGCHLD, by which it reaps whatever is handed to it.
 * - It waits in a read of a pipe with both ends open: no child that could be killed, no clock, no CPU.
 */
const FIRST_PROCESS = `
if e=$(tar -x -p --no-same-owner -C / -f - 2>&1); then echo ready; else echo "failed \${e:0:1000}"; fi
exec </dev/null >/dev/null 2>&1 9<> <(:)
trap 'kill -9 -1' USR1
while :; do read -r -u 9; done`

const FIRST_COMMAND = [
  '/bin/sh',
  '-c',
  'if [ -x /usr/lib/cooperage/init ]; then exec /usr/lib/cooperage/init -c "$0"; else exec bash -c "$0"; fi',
  FIRST_PROCESS,
]

/** Where the runtime does not start `init`: out of reach by other means, or not at all, as `runtimes.ts` says. */
const FIRST_COMMAND_READABLE = ['bash', '-c', FIRST_PROCESS]

/** What of the profile is not written here. */
export interface StrictProfile {
  /** The seccomp profile's JSON text. */
  readonly seccomp: string
  /** Default: the engine's default. */
  readonly runtime?: string
  /** Of that runtime. */
  readonly isolation: Isolation
}

/** sha256 (hex) of everything that the profile says under its runtime, whatever the lab and the host. */
export function strictProfileHash(profile: StrictProfile): string {
  const limits = { memoryMb: 1, cpus: 1, pids: 1, diskMb: 1 }
  const owner = { worker: '', pod: '' }
  const bodies = (['learner', 'grader'] as const).map((role) =>
    strictContainer({ image: '', role, limits, owner }, {}, profile),
  )
  return createHash('sha256').update(JSON.stringify(bodies)).digest('hex')
}

/** The body of `POST /containers/create` for one strict container. */
export function strictContainer(
  spec: ContainerSpec,
  labels: Record<string, string>,
  { seccomp, runtime, isolation }: StrictProfile,
) {
  const { limits, role } = spec
  const { memoryMb, pids, nproc } = enforcedLimits(limits, isolation)
  return {
    Image: spec.image,
    User: '1000:1000',
    WorkingDir: '/workspace',
    Hostname: 'lab',
    Env: [...ENVIRONMENT[role]],
    Entrypoint: [] as string[],
    Cmd: RUNTIMES[isolation].startsUnreadable ? FIRST_COMMAND : FIRST_COMMAND_READABLE,
    Labels: labels,
    // Not only no network: the engine then skips its network set-up, and a start takes half the time.
    NetworkDisabled: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: false,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    StopSignal: 'SIGKILL',
    StopTimeout: 0,
    HostConfig: {
      ...(runtime === undefined ? {} : { Runtime: runtime }),
      Init: false,
      NetworkMode: 'none',
      IpcMode: 'private',
      CgroupnsMode: 'private' as const,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges', `seccomp=${seccomp}`],
      MaskedPaths: [...MASKED_BY_DEFAULT, ...MASKED_TOO],
      ReadonlyPaths: READ_ONLY_PATHS,
      Tmpfs: folders(role, limits),
      Memory: memoryMb * MiB,
      // Memory and swap together: no swap.
      MemorySwap: memoryMb * MiB,
      MemorySwappiness: 0,
      PidsLimit: pids,
      NanoCpus: Math.round(limits.cpus * 1e9),
      CpuShares: 512,
      OomScoreAdj: 500,
      Ulimits: [...ULIMITS, { Name: 'nproc', Soft: nproc, Hard: nproc }],
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      AutoRemove: false,
    },
  }
}

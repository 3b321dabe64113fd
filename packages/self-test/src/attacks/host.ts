/** The host as /proc and /sys show it: its facts, and its knobs. */
import type { Attack } from '../attack.js'
import { unlessOwnKernel } from './own-kernel.js'
import { nothingFound } from './programs.js'

const under = (folder: string, names: string) => names.split(' ').map((name) => `${folder}/${name}`)

/** What tells of the host, of its other users, or of where an attack would have to aim. */
const FACTS = [
  ...under(
    '/proc',
    'cmdline config.gz kallsyms iomem ioports kcore keys key-users modules diskstats partitions interrupts',
  ),
  ...under(
    '/proc',
    'softirqs zoneinfo buddyinfo vmstat locks timer_list sched_debug latency_stats bus fs irq tty driver',
  ),
  ...under('/proc', 'pressure acpi scsi sys/kernel/random/boot_id'),
  ...under('/sys', 'firmware kernel class module block bus dev power hypervisor devices/virtual'),
  ...under('/sys/fs', 'ext4 btrfs xfs pstore bpf fuse'),
]

const READ_FACTS = `
import os
for path in ${JSON.stringify(FACTS)}:
    try:
        if os.path.isdir(path): some = os.listdir(path)
        else:
            with open(path, 'rb') as file: some = file.read(1)
    except OSError: continue
    if some: print(path)`

/** Knobs of the whole host, none of a namespace. */
const KNOBS = [
  ...under(
    '/proc/sys/kernel',
    'core_pattern core_pipe_limit modprobe sysrq randomize_va_space kptr_restrict panic',
  ),
  ...under('/proc/sys/vm', 'drop_caches overcommit_memory panic_on_oom mmap_min_addr'),
  ...under('/proc/sys/fs', 'file-max suid_dumpable protected_symlinks binfmt_misc/register'),
  ...under('/proc', 'sysrq-trigger mtrr irq/default_smp_affinity'),
  ...under(
    '/sys',
    'power/state kernel/uevent_helper kernel/mm/ksm/run kernel/profiling module/kernel/parameters/panic',
  ),
]

/** To open one for writing is the proof; nothing is ever written. */
const OPEN_KNOBS = `
import os
cgroups = (os.path.join(at, each) for at, _, names in os.walk('/sys/fs/cgroup') for each in names)
for path in [*${JSON.stringify(KNOBS)}, *cgroups]:
    try: os.close(os.open(path, os.O_WRONLY))
    except OSError: continue
    print(path)`

export const host: readonly Attack[] = [
  {
    id: 'host-facts',
    tried: 'Reading facts of the host in /proc and /sys',
    stoppedBy: 'masked paths',
    fences: ['masked-paths'],
    matters: true,
    quick: true,
    run: async (arena) =>
      unlessOwnKernel(
        arena,
        await nothingFound(arena, READ_FACTS, `${FACTS.length} places are empty or absent`, 'readable'),
      ),
  },
  {
    id: 'host-knobs',
    tried: 'Opening for writing: /proc/sys, sysrq, /sys, limits and release_agent of cgroups',
    stoppedBy: 'read-only paths; they are root’s; user-namespace remapping of the engine',
    fences: ['read-only-paths', 'user', 'user-namespaces'],
    matters: true,
    quick: false,
    run: (arena) => nothingFound(arena, OPEN_KNOBS, 'none of them opens', 'opened'),
  },
  {
    id: 'cgroup-view',
    tried: 'Seeing where on the host a container is accounted',
    stoppedBy: 'cgroup namespace',
    fences: ['cgroup-namespace'],
    matters: false,
    quick: false,
    run: (arena) =>
      nothingFound(
        arena,
        `for line in open('/proc/self/cgroup'):\n    if not line.endswith(':/\\n'): print(line.strip())`,
        'every path is /',
        'seen',
      ),
  },
]

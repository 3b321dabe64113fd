/** Other processes: those of the same container, its first one, and any outside. */
import { randomBytes } from 'node:crypto'
import type { ReadyContainer } from '@cooperage/sandbox'
import { printed, shell } from '../arena.js'
import { broken, held, type Attack, type Finding } from '../attack.js'
import { linesOf } from './programs.js'
import { answersTo, judge, refused } from './system-calls.js'

/** A process that holds a secret, and asks Yama, where there is such, to let anybody trace it: the filter alone is before it. */
const SIBLING = `
secret = ctypes.create_string_buffer(b'secret of the decoy')
decoy = os.fork()
if decoy == 0:
    libc.prctl(0x59616d61, ctypes.c_ulong(-1))
    libc.prctl(1, signal.SIGKILL)
    signal.pause()
into = ctypes.create_string_buffer(len(secret))
class Piece(ctypes.Structure): _fields_ = [('at', ctypes.c_void_p), ('length', ctypes.c_size_t)]
here, there = (Piece(ctypes.addressof(each), len(secret)) for each in (into, secret))
def across(name): return call(name, decoy, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)`

/** Every process there is, by name and by asking for each number: prints those that are neither PID 1 nor itself. */
const OTHERS = `
import os
own = {1, os.getpid()}
seen = {int(each) for each in os.listdir('/proc') if each.isdigit()}
for pid in range(1, 1 << 16):
    try: os.kill(pid, 0)
    except ProcessLookupError: continue
    except PermissionError: pass
    seen.add(pid)
def name(pid):
    try: return open(f'/proc/{pid}/cmdline').read().replace('\\0', ' ')[:60]
    except OSError: return 'hidden'
for pid in sorted(seen - own): print(pid, name(pid))`

/** Where it can be killed, it is to be known for the learner's own doing: else whoever did it would be graded again and again. */
async function killFirstProcess(container: ReadyContainer): Promise<Finding> {
  const outcome = await container.run(shell('kill -9 1; sleep 10'))
  if (outcome.kind === 'exited') return held('it outlived SIGKILL')
  return outcome.kind === 'died' && !outcome.oom
    ? {
        ...broken('gVisor lets a learner end their own container, which is told as their doing'),
        matters: false,
      }
    : broken(`its end is told as ${outcome.kind}`)
}

export const processes: readonly Attack[] = [
  {
    id: 'ptrace',
    tried: 'Tracing a sibling, reading and writing its memory, taking its descriptors',
    stoppedBy: 'seccomp profile',
    fences: ['seccomp'],
    matters: true,
    quick: false,
    run: refused({
      decoys: SIBLING,
      calls: {
        seize: 'call("ptrace", 0x4206, decoy, 0, 0)',
        attach: 'call("ptrace", 16, decoy, 0, 0)',
        'read its memory': 'across("process_vm_readv")',
        'write its memory': 'across("process_vm_writev")',
        'take a descriptor': 'call("pidfd_getfd", call("pidfd_open", decoy, 0), 1, 0)',
        'compare with it': 'call("kcmp", os.getpid(), decoy, 1, 0, 0)',
        'be traced': 'call("ptrace", 0, 0, 0, 0)',
      },
    }),
  },
  {
    id: 'first-process',
    tried: 'Reading, changing or ending the first process of the container',
    stoppedBy: 'a first process that its own user cannot read; no signal reaches PID 1 from inside',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const container = await arena.container()
      if (container.isolation === 'gvisor') return killFirstProcess(container)
      const calls = {
        memory: 'os.open("/proc/1/mem", os.O_RDWR)',
        environment: 'open("/proc/1/environ").read()',
        descriptors: 'os.listdir("/proc/1/fd")',
        'mapped files': 'os.listdir("/proc/1/map_files")',
        root: 'os.listdir("/proc/1/root")',
        'working directory': 'os.listdir("/proc/1/cwd")',
        program: 'os.open("/proc/1/exe", os.O_RDONLY)',
        'system call': 'open("/proc/1/syscall").read()',
        trace: 'call("ptrace", 0x4206, 1, 0, 0)',
        limits: '__import__("resource").prlimit(1, 4, (0, 0))',
        descriptor: 'call("pidfd_getfd", call("pidfd_open", 1, 0), 0, 0)',
      }
      const finding = judge(await answersTo(container, { calls }))
      if (!finding.held) return finding
      await container.run(shell('for s in {1..64}; do kill -$s 1; done 2>/dev/null; kill -9 -1'))
      const alive = await container.run(shell('echo alive'))
      return alive.kind === 'exited' && printed(alive) === 'alive'
        ? held(`${finding.happened}; it outlived every signal`)
        : broken('a signal ended it')
    },
  },
  {
    id: 'foreign-processes',
    tried: '/proc/<pid> and signals to anything outside of the container',
    stoppedBy: 'PID namespace',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const neighbour = await arena.container()
      const decoy = `decoy-${randomBytes(8).toString('hex')}`
      const started = `(setsid bash -c 'exec -a ${decoy} sleep 60' </dev/null >/dev/null 2>&1 &); until pgrep -f ^${decoy}; do :; done`
      printed(await neighbour.run(shell(started)))
      const others = await linesOf(await arena.container(), OTHERS)
      return others.length === 0
        ? held('no process but its own, while a decoy runs in another container')
        : broken(`${others.length} processes that are not its own, as in ${others.slice(0, 5).join(', ')}`)
    },
  },
]

/**
 * Taking more than one's share: processes, threads, memory, CPU, open files. Each attack stops by itself not far beyond its limit, so
 * that a host on which the limit is missing is told so, and not harmed.
 */
import { enforcedLimits, type ReadyContainer, type RunOutcome } from '@cooperage/sandbox'
import { python, type Arena } from '../arena.js'
import { broken, held, type Attack, type Finding } from '../attack.js'
import { linesOf } from './programs.js'

/** How far beyond the limit an attack goes. */
const BEYOND = { pids: 48, files: 256 }

/** Forks until it is refused. The children stay, so that they can be counted from outside. */
const forkUpTo = (most: number) => `
import os, signal
null = os.open('/dev/null', os.O_RDWR)
made = 0
while made < ${most}:
    try: child = os.fork()
    except OSError: break
    if child == 0:
        for each in (0, 1, 2): os.dup2(null, each)
        while True: signal.pause()
    made += 1
print(made)`

/** A child that starts threads until it is refused, and stays. */
const threadsUpTo = (most: number) => `
import os, signal, threading
threading.stack_size(64 << 10)
answer, tell = os.pipe()
if os.fork() == 0:
    null = os.open('/dev/null', os.O_RDWR)
    for each in (0, 1, 2): os.dup2(null, each)
    made, stay = 0, threading.Event()
    while made < ${most}:
        try: threading.Thread(target=stay.wait, daemon=True).start()
        except RuntimeError: break
        made += 1
    os.write(tell, str(made).encode()); os.close(tell)
    while True: signal.pause()
os.close(tell)
print(os.read(answer, 100).decode())`

/** Bombs of a kind: as many as are allowed, then a look from outside, then whether the files still come out. */
async function bomb(arena: Arena, what: string, program: (most: number) => string): Promise<Finding> {
  const limit = 32
  const container = await arena.container({ limits: { pids: limit } })
  const [made] = await linesOf(container, program(limit + BEYOND.pids))
  const { pids } = await container.usage()
  if (Number(made) >= limit) return broken(`${made} ${what} were made where ${limit} are allowed`)
  const collected = await container.collect({ maxFiles: 10, maxFileBytes: 1024, maxTotalBytes: 1024 })
  return collected.kind === 'collected'
    ? held(
        `refused after ${made} ${what}, ${pids} counted from outside; the workspace was copied all the same`,
      )
    : broken(`refused after ${made} ${what}, but the workspace could not be copied: ${collected.reason}`)
}

/** Takes memory and says how much (MiB) it has, until it is stopped. */
const takeMemory = (mostMb: number, inChild: boolean) => `
import os
if ${inChild ? 'os.fork() == 0' : 'True'}:
    kept = []
    for mib in range(4, ${mostMb} + 1, 4):
        kept.append(b'x' * (4 << 20)); os.write(1, b'%d\\n' % mib)
else: os.wait()`

interface MemoryBomb {
  readonly taken: number
  /** The limit and, under gVisor, what its kernel may take of the same memory. */
  readonly most: number
  readonly outcome: RunOutcome
}

async function bombMemory(arena: Arena, inChild: boolean): Promise<MemoryBomb> {
  const container = await arena.container({ limits: { memoryMb: MEMORY_MB } })
  const outcome = await container.run(python(takeMemory(2 * MEMORY_MB, inChild)))
  if (outcome.kind === 'cannot-start') throw new Error(outcome.message)
  const last = Buffer.from(outcome.stdout).toString('latin1').trim().split('\n').at(-1)
  const most = enforcedLimits(container.spec.limits, container.isolation).memoryMb
  return { taken: Number(last), most, outcome }
}
const MEMORY_MB = 64

/** As many processes as the host has CPUs, and one more, all of them busy for a while. */
const SPIN = `
import os, time
end = time.monotonic() + 1.5
for _ in range((os.cpu_count() or 1) + 1):
    if os.fork() == 0:
        while time.monotonic() < end: pass
        os._exit(0)
try:
    while True: os.wait()
except ChildProcessError: pass`

async function cpuMsOf(container: ReadyContainer): Promise<number> {
  return (await container.usage()).cpuMs
}

const OPEN_FILES = (most: number) => `
opened = []
try:
    while len(opened) < ${most}: opened.append(open('/dev/null'))
except OSError: pass
print(len(opened))`

export const resources: readonly Attack[] = [
  {
    id: 'fork-bomb',
    tried: 'Fork bomb',
    stoppedBy: 'limit on processes',
    fences: ['pids-limit'],
    matters: true,
    quick: true,
    run: (arena) => bomb(arena, 'processes', forkUpTo),
  },
  {
    id: 'thread-bomb',
    tried: 'Thread bomb',
    stoppedBy: 'limit on processes, which counts threads',
    fences: ['pids-limit'],
    matters: true,
    quick: false,
    run: (arena) => bomb(arena, 'threads', threadsUpTo),
  },
  {
    id: 'memory-bomb',
    tried: 'Memory bomb, in the command itself and in a child of it',
    stoppedBy: 'limit on memory, swap included',
    fences: ['memory-limit'],
    matters: true,
    quick: true,
    async run(arena) {
      const bombs = await Promise.all([bombMemory(arena, false), bombMemory(arena, true)])
      const through = bombs.filter(({ taken, most }) => taken >= most)
      if (through.length > 0)
        return broken(`${through[0]?.taken} MiB were taken where ${MEMORY_MB} are allowed`)
      const seen = bombs.every(({ outcome }) => 'oom' in outcome && outcome.oom)
      const sizes = bombs.map(({ taken }) => taken).join(' and ')
      return seen
        ? held(`killed with ${sizes} of ${MEMORY_MB} MiB, and seen to be the limit’s doing`)
        : broken(`stopped with ${sizes} of ${MEMORY_MB} MiB, but not known for the limit’s doing`)
    },
  },
  {
    id: 'cpu-spin',
    tried: 'Keeping all CPUs busy',
    stoppedBy: 'limit on CPU time',
    fences: ['cpu-limit'],
    matters: true,
    quick: false,
    alone: true,
    async run(arena) {
      // Less than any busy host would leave it.
      const cpus = 0.1
      const container = await arena.container({ limits: { cpus } })
      const before = await cpuMsOf(container)
      const outcome = await container.run(python(SPIN))
      if (outcome.kind !== 'exited') throw new Error(`the processes did not end: ${outcome.kind}`)
      const share = ((await cpuMsOf(container)) - before) / outcome.durationMs
      const told = `${share.toFixed(2)} CPUs were used over ${outcome.durationMs} ms where ${cpus} are allowed`
      // The kernel hands time out in slices; twice as much is no slice.
      return share <= 2 * cpus ? held(told) : broken(told)
    },
  },
  {
    id: 'open-files',
    tried: 'Using up file descriptors',
    stoppedBy: 'limit on open files of a process',
    fences: ['ulimits'],
    matters: false,
    quick: false,
    async run(arena) {
      const limit = 256
      const [opened] = await linesOf(await arena.container(), OPEN_FILES(limit + BEYOND.files))
      return Number(opened) < limit
        ? held(`refused after ${opened} files`)
        : broken(`${opened} files were opened where ${limit} are allowed`)
    },
  },
]

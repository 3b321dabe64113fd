/** Not ending: floods, deaf processes, what stays behind when its command is over. */
import { randomBytes } from 'node:crypto'
import { EngineFault, type ReadyContainer, type RunOutcome } from '@cooperage/sandbox'
import { printed, python, shell, type Arena } from '../arena.js'
import { broken, held, type Attack } from '../attack.js'
import { linesOf } from './programs.js'

/** Beyond the bound by far, and yet with an end: for a host where nothing stops it. */
const FLOOD_MB = 256
const flood = (descriptor: 1 | 2) => `
import os
block = b'x' * 65536
for _ in range(${FLOOD_MB} * 16): os.write(${descriptor}, block)`

const sizeOf = (outcome: RunOutcome) =>
  outcome.kind === 'cannot-start' ? 0 : outcome.stdout.length + outcome.stderr.length

/** As the engine sees it: an ended container has no usage. */
async function isOver(container: ReadyContainer): Promise<boolean> {
  try {
    await container.usage()
    return false
  } catch (fault) {
    if (fault instanceof EngineFault) return true
    throw fault
  }
}

/** Ignores every signal that can be ignored. */
const DEAF = `
import signal
for each in signal.valid_signals():
    try: signal.signal(each, signal.SIG_IGN)
    except (OSError, ValueError): pass
print('deaf', flush=True)
while True: signal.pause()`

/**
 * Daemons by the book: a session of their own, handed to the first process, deaf. Four write into the workspace as long as they live;
 * the fifth leaves itself by forking, and is somebody else each time.
 */
const daemons = (name: string) => `
import os, signal, time
WRITE = 'import sys\\nwhile True: open(sys.argv[1], "a").write("x")'
def detach():
    if os.fork() > 0: return False
    os.setsid()
    if os.fork() > 0: os._exit(0)
    null = os.open('/dev/null', os.O_RDWR)
    for each in (0, 1, 2): os.dup2(null, each)
    for each in signal.valid_signals():
        try: signal.signal(each, signal.SIG_IGN)
        except (OSError, ValueError): pass
    return True
for number in range(4):
    if detach(): os.execvp('python3', ['${name}', '-c', WRITE, f'written{number}'])
if detach():
    while True:
        if os.fork() > 0: os._exit(0)
while not all(os.path.exists(f'written{number}') for number in range(4)): time.sleep(0.01)`

/** Orphans that end at once: unless the first process takes them off the list, there is soon no room for another. */
const ORPHANS = (count: number) => `
import os, time
made, patience = 0, 1000
def orphan():
    child = os.fork()
    if child == 0:
        # Its own child outlives it, if only just.
        try: os.fork(); os._exit(0)
        except OSError: os._exit(1)
    return os.waitpid(child, 0)[1] == 0
while made < ${count} and patience > 0:
    try: done = orphan()
    except OSError: done = False
    if done: made += 1
    else: time.sleep(0.005); patience -= 1
print(made)`

/** Leaves something that holds the command's output open, and talks. */
const HOLD_OUTPUT = 'while sleep 0.2; do echo more; done & echo said'

/** Closes its output, so that it looks as if it had ended, and works on. */
const HIDE = "trap '' TERM HUP; exec >&- 2>&-; while :; do :; done"

async function endsAfterFlood(arena: Arena, descriptor: 1 | 2): Promise<string | undefined> {
  const container = await arena.container()
  const maxBytes = 64 * 1024
  const outcome = await container.run(python(flood(descriptor), { maxBytes }))
  const name = descriptor === 1 ? 'stdout' : 'stderr'
  if (outcome.kind !== 'flood') return `${name} was let run: ${outcome.kind} after ${sizeOf(outcome)} bytes`
  if (sizeOf(outcome) > maxBytes)
    return `${sizeOf(outcome)} bytes of ${name} were kept where ${maxBytes} are allowed`
  return (await isOver(container)) ? undefined : `who flooded ${name} is still running`
}

export const endings: readonly Attack[] = [
  {
    id: 'output-flood',
    tried: 'Flooding stdout, and stderr',
    stoppedBy: 'bound on output, beyond which the container is killed',
    fences: [],
    matters: true,
    quick: false,
    alone: true,
    async run(arena) {
      const wrong = await Promise.all([endsAfterFlood(arena, 1), endsAfterFlood(arena, 2)])
      const told = wrong.filter((each) => each !== undefined)
      return told.length === 0
        ? held(`cut at 65536 bytes of ${FLOOD_MB} MiB, and the container killed, on either stream`)
        : broken(told.join('; '))
    },
  },
  {
    id: 'time-limit',
    tried: 'Ignoring SIGTERM, and every other signal, when the time is up',
    stoppedBy: 'limit on time, at which the container is killed',
    fences: [],
    matters: true,
    quick: false,
    alone: true,
    async run(arena) {
      const container = await arena.container()
      const outcome = await container.run(python(DEAF, { timeoutMs: 1000 }))
      if (outcome.kind !== 'timeout') return broken(`it ended otherwise: ${outcome.kind}`)
      if (Buffer.from(outcome.stdout).toString('latin1') !== 'deaf\n')
        throw new Error('it was not deaf in time')
      return (await isOver(container))
        ? held('killed with its container at 1000 ms; what it had said was kept')
        : broken('it is still running after its time')
    },
  },
  {
    id: 'daemons',
    tried: 'Leaving daemons behind, which change the files while they are copied',
    stoppedBy: 'collector: every process is killed first',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const container = await arena.container()
      const name = `daemon-${randomBytes(8).toString('hex')}`
      await linesOf(container, daemons(name))
      const collected = await container.collect({
        maxFiles: 10,
        maxFileBytes: 16 * 1024 * 1024,
        maxTotalBytes: 32 * 1024 * 1024,
      })
      if (collected.kind !== 'collected') return broken(`the workspace was lost: ${collected.reason}`)
      const { pids } = await container.usage()
      const count = await container.run(shell(`pgrep -c -f '^(${name}|python3) '; true`))
      if (count.kind !== 'exited')
        return broken(`no command could be run beside what was left: ${count.kind}`)
      return printed(count) === '0'
        ? held(
            `4 deaf daemons and one that forks for ever were gone before the files were read; ${pids} process left`,
          )
        : broken(`${printed(count)} daemons outlived the copying`)
    },
  },
  {
    id: 'zombies',
    tried: 'Filling the list of processes with zombies',
    stoppedBy: 'first process, which reaps orphans',
    fences: [],
    matters: false,
    quick: false,
    async run(arena) {
      const [limit, count] = [16, 200]
      const container = await arena.container({ limits: { pids: limit } })
      const [made] = await linesOf(container, ORPHANS(count))
      return Number(made) === count
        ? held(`${made} orphans came and went where ${limit} processes are allowed`)
        : broken(`no room for another process after ${made} orphans`)
    },
  },
  {
    id: 'exec-sessions',
    tried: 'Holding the output of a finished command open, closing that of one that goes on',
    stoppedBy: 'engine’s word on a command’s end; limit on time, at which the container is killed',
    fences: [],
    matters: true,
    quick: false,
    alone: true,
    async run(arena) {
      const [one, other] = await Promise.all([arena.container(), arena.container()])
      const [holding, hiding] = await Promise.all([
        one.run(shell(HOLD_OUTPUT)),
        other.run(shell(HIDE, { timeoutMs: 2000 })),
      ])
      if (holding.kind !== 'exited' || holding.code !== 0)
        return broken(`a command whose output is held open was not known to have ended: ${holding.kind}`)
      return hiding.kind === 'timeout' && (await isOver(other))
        ? held(
            'one ended although its output was held open, the other was killed although its output was closed',
          )
        : broken(`a command that closed its output went on: ${hiding.kind}`)
    },
  },
]

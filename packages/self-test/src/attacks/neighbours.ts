/** One submission and the others: what it leaves for the next, what it sees of one beside it, how much it slows that down. */
import { LabLimits } from '@cooperage/contracts'
import { bash, decoy, python3, type AttackedLab } from '../attacked-lab.js'
import { broken, held, type Attack } from '../attack.js'
import type { Arena } from '../arena.js'

/** Leaves its mark wherever one can be left, in a process that stays too. */
const leave = (mark: string) =>
  python3(`
import ctypes, os, socket, time
libc = ctypes.CDLL(None, use_errno=True)
for folder in ('/workspace', '/tmp', '/dev/shm', '/dev/mqueue', '/run', '/var/tmp', '/home', '/checks', '/exec', '/etc', '/'):
    try: open(f'{folder}/${mark}', 'w').write('${mark}')
    except OSError: pass
hidden = socket.socket(socket.AF_UNIX); hidden.bind('\\0${mark}'); hidden.listen()
libc.sethostname(b'${mark}', ${mark.length}); libc.setdomainname(b'${mark}', ${mark.length})
libc.shmget(0x${mark.slice(-7)}, 4096, 0o1666)
print('left', flush=True)
if os.fork() > 0: os._exit(0)
os.setsid()
null = os.open('/dev/null', os.O_RDWR)
for each in (0, 1, 2): os.dup2(null, each)
os.execv('/bin/sleep', ['${mark}', '600'])`)

/** Prints where it finds the mark of another. */
const lookFor = (mark: string) =>
  python3(`
import ctypes, os, socket
# In two halves, so that this file is no find.
mark = '${mark.slice(0, 15)}' + '${mark.slice(15)}'
libc = ctypes.CDLL(None, use_errno=True)
for top in ('/workspace', '/tmp', '/dev', '/run', '/var', '/home', '/checks', '/exec', '/etc'):
    for folder, folders, files in os.walk(top):
        for each in files + folders:
            if mark in each: print(os.path.join(folder, each))
for pid in os.listdir('/proc'):
    if not pid.isdigit(): continue
    for what in ('cmdline', 'environ', 'comm'):
        try:
            if mark.encode() in open(f'/proc/{pid}/{what}', 'rb').read(): print(f'process {pid}: {what}')
        except OSError: pass
if mark in ' '.join(os.uname()): print('host name')
if mark in open('/proc/net/unix').read(): print('/proc/net/unix')
try:
    with socket.socket(socket.AF_UNIX) as peer: peer.connect('\\0' + mark); print('socket')
except OSError: pass
if libc.shmget(0x${mark.slice(-7)}, 0, 0) >= 0: print('shared memory')
print('looked')`)

const once = (run: string): AttackedLab => ({
  checks: [{ id: 'once', exec: { run: ['./run'] }, script: 'tell.sh' }],
  scripts: { 'tell.sh': 'cat "$EXEC_DIR/stdout"' },
  submitted: { run },
})

/** The limits of a lab that names none. */
const limits = LabLimits.parse({})

/** What an honest submission costs: a bit of CPU, processes, files; all of it far below the lab's limits. */
const honest: AttackedLab = {
  limits,
  checks: [
    { id: 'computes', exec: { run: ['./run'], stdout: '499999500000\n' } },
    {
      id: 'lists',
      exec: {
        run: ['bash', '-c', 'for n in 1 2 3 4 5; do echo $n | cat > f$n; done; echo f* | wc -w'],
        stdout: '5\n',
      },
    },
    { id: 'reads', script: 'reads.sh' },
  ],
  scripts: { 'reads.sh': 'test "$(cat f3)" = 3' },
  submitted: { run: python3('print(sum(range(1000000)))') },
}
const HONEST = 'computes passed, lists passed, reads passed'

/** Uses up all that a lab lets it have of CPU, processes, memory and disk at once; and a flood, which ends at its bound. */
const NOISE = [
  bash(`
(while :; do :; done) & (while :; do :; done) &
(while :; do for n in {1..10}; do (:) & done; wait; done) &
(while :; do python3 -c 'x = bytearray(100 << 20)
for at in range(0, len(x), 4096): x[at] = 1'; done) &
(while :; do dd if=/dev/zero of=a bs=1M count=24; cp a b; sync; rm -f a b; for n in {1..500}; do : > n$n; done; rm -f n*; done) &
exec >/dev/null 2>&1; wait`),
  bash('yes & exec yes >&2'),
]
/** Quiet and beside noise in turns, so that whatever else the host does meets both. */
const ROUNDS = 2
const QUIET_RUNS = 2
const NOISY_RUNS = 3

async function timed(arena: Arena): Promise<number> {
  const began = performance.now()
  const graded = await arena.grade(honest)
  if (graded.verdict !== HONEST)
    throw new Error(`an honest submission was not graded right: ${graded.verdict}`)
  return performance.now() - began
}

/** Grades attackers one after the other, as a worker does in one of its places. Resolves when it is stopped. */
async function keepAttacking(arena: Arena, stop: AbortSignal): Promise<void> {
  for (let turn = 0; !stop.aborted; turn++) {
    const lab: AttackedLab = {
      limits,
      checks: [{ id: 'attack', exec: { run: ['./run'], timeoutSeconds: 10 } }],
      submitted: { run: NOISE[turn % NOISE.length] ?? '' },
    }
    await arena.grade(lab, stop).catch((error: unknown) => {
      if (!stop.aborted) throw error
    })
  }
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

export const neighbours: readonly Attack[] = [
  {
    id: 'next-learner',
    tried: 'Leaving something behind for the next learner, or for one who is graded at the same time',
    stoppedBy: 'a container serves one submission; namespaces of its own',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const mark = decoy()
      // Whoever comes at the same time finds what the other has while it is there; both are given time to meet.
      const first = arena.grade({
        ...once(leave(mark)),
        checks: [
          { id: 'once', exec: { run: ['./run'], stdout: 'left\n' } },
          { id: 'stays', exec: { run: ['sleep', '2'] } },
        ],
      })
      const beside = await arena.grade(once(lookFor(mark)))
      const [left, after] = [await first, await arena.grade(once(lookFor(mark)))]
      if (left.verdict !== 'once passed, stays passed') throw new Error(`not tried: ${left.verdict}`)
      const told = { beside: beside.says('once'), after: after.says('once') }
      return told.beside === 'looked' && told.after === 'looked'
        ? held(
            'files, processes, names, sockets and shared memory of one were seen by neither the one beside it nor the next',
          )
        : broken(`beside it: ${told.beside}; after it: ${told.after}`)
    },
  },
  {
    id: 'slow-neighbour',
    tried: 'Slowing an honest grading beside it: CPU, processes, memory, disk, output',
    stoppedBy: 'limits on CPU, memory and output; lower CPU shares than the engine has',
    fences: [],
    matters: false,
    quick: false,
    alone: true,
    async run(arena) {
      await timed(arena)
      const [quiet, beside]: [number[], number[]] = [[], []]
      // A worker has as many places as the host has cores, unless it is told otherwise; one of them is the honest one's.
      const attackers = Math.min(Math.max(arena.host.cpus - 1, 1), 3)
      for (let round = 0; round < ROUNDS; round++) {
        await arena.engine.drained()
        for (let run = 0; run < QUIET_RUNS; run++) quiet.push(await timed(arena))
        const stop = new AbortController()
        const noise = Promise.all(Array.from({ length: attackers }, () => keepAttacking(arena, stop.signal)))
        try {
          for (let run = 0; run < NOISY_RUNS; run++) beside.push(await timed(arena))
        } finally {
          stop.abort()
          await noise
        }
      }
      const ratio = median(beside) / median(quiet)
      const told = `${Math.round(median(quiet))} ms quiet, ${Math.round(median(beside))} ms beside ${attackers} attackers: ${ratio.toFixed(2)} times`
      return ratio <= 2 ? held(told) : broken(told)
    },
  },
]

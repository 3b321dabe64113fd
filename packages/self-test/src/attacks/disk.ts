/** Files as weapons: folders filled with bytes and with names, huge and sparse files, core dumps. */
import { printed, shell, type Arena } from '../arena.js'
import { broken, held, type Attack, type Finding } from '../attack.js'
import { linesOf } from './programs.js'

/** Every folder that the learner may write to and that is a mount of its own: what else is writable would be the image. */
const FOLDERS = `
import os, shutil
folders = [line.split()[1] for line in open('/proc/mounts')]
folders = sorted({each for each in folders if os.path.isdir(each) and os.access(each, os.W_OK) and not each.startswith(('/proc', '/sys'))})
def stops(folder, name, step):
    own = os.path.join(folder, 'decoy')
    try: os.mkdir(own)
    # A folder of message queues takes no folder.
    except OSError: return
    try: done = step(own)
    finally: shutil.rmtree(own)
    print(folder, done)`

/** MiB, in files of 8 each, until there is no room. */
const fillBytes = (mostMb: number) => `${FOLDERS}
block = b'x' * (1 << 20)
def fill(own):
    done = 0
    try:
        while done < ${mostMb}:
            with open(f'{own}/{done}', 'wb', buffering=0) as file:
                for _ in range(8):
                    if file.write(block) < len(block): return done
                    done += 1
    except OSError: pass
    return done
for folder in folders: stops(folder, 'MiB', fill)`

const fillNames = (most: number) => `${FOLDERS}
def fill(own):
    for done in range(${most}):
        try: os.close(os.open(f'{own}/{done}', os.O_CREAT | os.O_WRONLY))
        except OSError: return done
    return ${most}
for folder in folders: stops(folder, 'files', fill)`

/** In both roles: `/workspace 16`, and so on for each folder. */
async function fill(arena: Arena, program: string, most: number, unit: string): Promise<Finding> {
  const roles = ['learner', 'grader'] as const
  const told = await Promise.all(
    roles.map(async (role) => linesOf(await arena.container({ role, limits: { memoryMb: 192 } }), program)),
  )
  const learner = told[0] ?? []
  const without = ['/workspace', '/tmp', '/dev/shm'].filter(
    (folder) => !learner.some((line) => line.startsWith(`${folder} `)),
  )
  if (without.length > 0) throw new Error(`not tried: ${without.join(', ')}`)
  const through = told.flat().filter((line) => Number(line.split(' ')[1]) >= most)
  return through.length > 0
    ? broken(`without an end at ${most} ${unit}: ${through.map((line) => line.split(' ')[0]).join(', ')}`)
    : held(`full at ${told.map((lines, at) => `${roles[at]}: ${lines.join(', ')}`).join('; ')} ${unit}`)
}

const MOST_MB = 48
const MOST_FILES = 6000

/** Of a tebibyte, of which it takes none: what reads it from end to end would never be done. */
const HUGE = 2 ** 40

/** A crash, with the core limit raised as far as it can be. */
const DUMP_CORE = `
import os, resource, signal
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
before = set(os.listdir())
child = os.fork()
if child == 0: os.kill(os.getpid(), signal.SIGQUIT); signal.pause()
_, status = os.waitpid(child, 0)
# gVisor's kernel has no such file, and writes no core.
pattern = '/proc/sys/kernel/core_pattern'
piped = os.path.exists(pattern) and open(pattern).read().startswith('|')
print(piped, os.path.exists(pattern) and os.WCOREDUMP(status), len(set(os.listdir()) - before), sep='\\n')`

export const disk: readonly Attack[] = [
  {
    id: 'fill-folders',
    tried: 'Filling every writable folder',
    stoppedBy: 'size of each tmpfs',
    fences: ['tmpfs-options'],
    matters: true,
    quick: true,
    run: (arena) => fill(arena, fillBytes(MOST_MB), MOST_MB, 'MiB'),
  },
  {
    id: 'fill-inodes',
    tried: 'Filling every writable folder with empty files',
    stoppedBy: 'number of inodes of each tmpfs',
    fences: ['tmpfs-options'],
    matters: false,
    quick: false,
    run: (arena) => fill(arena, fillNames(MOST_FILES), MOST_FILES, 'files'),
  },
  {
    id: 'huge-file',
    tried: 'A sparse file of a tebibyte',
    stoppedBy: 'limit on the size of a file',
    fences: ['ulimits'],
    matters: false,
    quick: false,
    async run(arena) {
      const container = await arena.container()
      const size = printed(
        await container.run(shell(`truncate -s ${HUGE} huge 2>/dev/null; find huge -printf %s`)),
      )
      if (size === '') throw new Error('no file was made')
      return Number(size) < HUGE
        ? held(`refused: it stayed at ${size} bytes`)
        : broken(`a file of ${size} bytes was made`)
    },
  },
  {
    id: 'sparse-files',
    tried: 'Sparse files in the workspace, to be swollen when they are copied',
    stoppedBy: 'collector: what is too big is not read',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const container = await arena.container()
      await container.run(shell('echo honest > kept; for i in {1..20}; do truncate -s 31M sparse$i; done'))
      const bounds = { maxFiles: 50, maxFileBytes: 1024 * 1024, maxTotalBytes: 4 * 1024 * 1024 }
      const collected = await container.collect(bounds)
      if (collected.kind !== 'collected') return broken(`the workspace was lost: ${collected.reason}`)
      const { files, dropped } = collected
      const named = dropped.filter(({ path, why }) => path.startsWith('sparse') && why === 'too-big').length
      const told = `${named} of 20 named as too big, and ${[...files.keys()].join(', ')} copied`
      return named === 20 && [...files.keys()].join() === 'kept' ? held(told) : broken(told)
    },
  },
  {
    id: 'core-dump',
    tried: 'Dumping core',
    stoppedBy: 'limit on core dumps',
    fences: ['ulimits'],
    matters: false,
    quick: false,
    async run(arena) {
      const [handler, dumped, files] = await linesOf(await arena.container(), DUMP_CORE)
      // A program of the host that takes crashes runs whatever the limit says.
      if (handler === 'True') return held('no file; this host hands crashes to a program of its own')
      return dumped === 'False' && files === '0'
        ? held('a crash left no file')
        : broken(`a crash left ${files} files`)
    },
  },
]

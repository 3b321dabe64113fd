/** Who a learner's process is: no user of the host, no power, and none to be had. */
import { printed, shell } from '../arena.js'
import { broken, held, type Attack } from '../attack.js'
import { linesOf, nothingFound } from './programs.js'
import { foreignRelease } from './own-kernel.js'
import { answersTo, judge } from './system-calls.js'

/** Files whose mode or attributes give power to whoever runs them, and whatever else of the root they are on. */
const EMPOWERED = `
import os, stat
device = os.lstat('/').st_dev
for folder, folders, files in os.walk('/'):
    folders[:] = [each for each in folders if os.lstat(os.path.join(folder, each)).st_dev == device]
    for path in (os.path.join(folder, each) for each in files):
        if not stat.S_ISREG(os.lstat(path).st_mode): continue
        if os.lstat(path).st_mode & 0o6000 or 'security.capability' in os.listxattr(path): print(path)`

/**
 * The kernel lets a process without powers install a filter only where no program that it starts could gain any, which is
 * no-new-privileges; so whether it takes one (which allows everything) shows whether that is in force.
 */
const GAINS = `
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
allow = ctypes.create_string_buffer(struct.pack('HBBI', 0x06, 0, 0, 0x7fff0000))
program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', 1, ctypes.addressof(allow)))
print(libc.prctl(39, 0, 0, 0, 0), libc.prctl(22, 2, program, 0, 0), sep='\\n')`

export const identity: readonly Attack[] = [
  {
    id: 'host-root',
    tried: 'Being root of the container, and with it root of the host',
    stoppedBy: 'user-namespace remapping of the engine',
    fences: ['user-namespaces'],
    matters: true,
    quick: true,
    async run(arena) {
      const container = await arena.container()
      const map = printed(await container.run(shell('cat /proc/self/uid_map'))).split(/\s+/)
      if (arena.host.userNamespaces !== 'none') {
        if (map[1] !== '0') return held(`root of the container is user ${map[1]} of the host`)
        const release = await foreignRelease(arena)
        if (release !== undefined)
          return held(`the engine remaps users; inside there is a kernel of its own (${release})`)
      }
      return broken('root of the container is root of the host')
    },
  },
  {
    id: 'capabilities',
    tried: 'Using a capability, or keeping one for later',
    stoppedBy: 'all capabilities dropped',
    fences: ['capabilities'],
    matters: true,
    quick: true,
    async run(arena) {
      const container = await arena.container()
      const status = printed(await container.run(shell('grep ^Cap /proc/self/status')))
      const sets = status.split('\n').map((line) => line.split(/:\s+/))
      if (sets.length < 4) throw new Error('the kernel tells no capabilities')
      const some = sets.filter(([, bits]) => !/^0+$/.test(bits ?? ''))
      return some.length === 0
        ? held(`all ${sets.length} sets are empty`)
        : broken(some.map(([set, bits]) => `${set} is ${bits}`).join(', '))
    },
  },
  {
    id: 'no-new-privileges',
    tried: 'Gaining privileges from a program that is started',
    stoppedBy: 'no-new-privileges',
    fences: ['no-new-privileges'],
    matters: true,
    quick: true,
    async run(arena) {
      const [flag, taken] = await linesOf(await arena.container(), GAINS)
      return flag === '1' && taken === '0'
        ? held('in force: the kernel takes a filter from a process without privileges')
        : broken(`not in force: the kernel says ${flag}, and ${taken} to a filter`)
    },
  },
  {
    id: 'container-root',
    tried: 'Running as root of the container, or becoming it',
    stoppedBy: 'user 1000; no capabilities',
    fences: ['user'],
    matters: true,
    quick: false,
    async run(arena) {
      const container = await arena.container()
      const ids = printed(await container.run(shell('id -u; id -g; id -G'))).split('\n')
      if (ids.some((id) => id !== '1000')) return broken(`user ${ids[0]}, group ${ids[1]}, groups ${ids[2]}`)
      const calls = {
        setuid: 'os.setuid(0)',
        setgid: 'os.setgid(0)',
        setgroups: 'os.setgroups([0])',
        'giving a file away': 'os.chown("/workspace", 0, 0)',
        'a file of root': 'os.chmod("/etc/passwd", 0o666)',
      }
      return judge(await answersTo(container, { calls }))
    },
  },
  {
    id: 'setuid-programs',
    tried: 'Finding a program that runs as somebody else',
    stoppedBy: 'lab image without any',
    fences: [],
    matters: true,
    quick: false,
    run: (arena) =>
      nothingFound(
        arena,
        EMPOWERED,
        'no setuid or setgid file in the image, and none with capabilities',
        'in the image',
      ),
  },
]

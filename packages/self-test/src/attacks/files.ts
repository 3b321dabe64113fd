/** The file system: what can be written, what runs, and what of the host is in it. */
import { broken, held, type Attack } from '../attack.js'
import { isOnHost, leaveHostFile } from './host-decoys.js'
import { unlessOwnKernel } from './own-kernel.js'
import { linesOf, nothingFound } from './programs.js'

/** A new file in every folder of the root, and some that are there: opened for writing, never written. */
const WRITE_ROOT = `
import os
device = os.lstat('/').st_dev
def attempt(path, flags):
    try: os.close(os.open(path, os.O_WRONLY | flags, 0o600))
    except OSError: return
    print(path)
    if flags: os.unlink(path)
for folder, folders, files in os.walk('/'):
    folders[:] = [each for each in folders if os.lstat(os.path.join(folder, each)).st_dev == device]
    attempt(os.path.join(folder, '.decoy'), os.O_CREAT | os.O_EXCL)
for path in ('/etc/passwd', '/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/usr/bin/bash', '/usr/lib/cooperage/init'): attempt(path, 0)`

/** A program of one's own, where none may be started; and folders whose options leave setuid and devices in force. */
const RUN_FROM = (folders: readonly string[]) => `
import os, shutil, subprocess
for line in open('/proc/mounts'):
    _, folder, kind, options, *_ = line.split()
    missing = {'nosuid', 'nodev'} - set(options.split(','))
    if folder in ('/workspace', '/tmp', '/dev/shm', '/checks', '/exec') and missing: print(folder, 'without', *sorted(missing))
for folder in ${JSON.stringify(folders)}:
    path = folder + '/decoy'
    try: shutil.copy('/usr/bin/true', path); subprocess.run([path]); print('a program in', folder)
    except PermissionError: pass`

/** Devices that a container has, by number. */
const HARMLESS = ['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:2']
const DEVICES = `
import os, stat
harmless = set(${JSON.stringify(HARMLESS)})
for folder, folders, files in os.walk('/dev'):
    for path in (os.path.join(folder, each) for each in files):
        about = os.lstat(path)
        number = f'{os.major(about.st_rdev)}:{os.minor(about.st_rdev)}'
        if stat.S_ISBLK(about.st_mode) or stat.S_ISCHR(about.st_mode) and number not in harmless: print(path)
for kind, name in ((stat.S_IFCHR, 'character'), (stat.S_IFBLK, 'block')):
    for folder in ('/tmp', '/workspace', '/dev/shm'):
        # The numbers of /dev/null, and of no block device.
        try: os.mknod(folder + '/decoy', kind | 0o600, os.makedev(1, 3) if kind == stat.S_IFCHR else os.makedev(0, 1))
        except OSError: continue
        os.unlink(folder + '/decoy'); print(f'made a {name} device in {folder}')`

/** Sockets of the file system, wherever they are mounted, and what is known to name an engine. */
const SOCKETS = `
import os, stat
for folder, folders, files in os.walk('/'):
    if folder in ('/proc', '/sys'): folders[:] = []; continue
    for path in (os.path.join(folder, each) for each in files):
        try:
            if stat.S_ISSOCK(os.lstat(path).st_mode): print(path)
        except OSError: pass
for name in os.environ:
    if name.startswith(('DOCKER', 'CONTAINER', 'PODMAN')): print('$' + name)`

/** Where a container's own mounts are. Where users are remapped, devices and masks are bound from the host's /dev. */
const MOUNTS =
  '/|/proc(/.*)?|/sys(/.*)?|/dev(/(pts|shm|mqueue|null|zero|full|random|urandom|tty))?|/tmp|/workspace|/etc/(hostname|hosts|resolv.conf)'

/** What is mounted beside that, which descriptors a command is given, and a decoy of the host by every way up. */
const hostFiles = (decoy: string) => `
import os, re
for line in open('/proc/self/mountinfo'):
    folder = line.split()[4]
    if not re.fullmatch('${MOUNTS}', folder): print('mount', folder)
for name in os.listdir('/proc/self/fd'):
    try: target = os.readlink('/proc/self/fd/' + name)
    except OSError: continue
    if not re.match(r'/dev/null$|/dev/urandom$|pipe:|host:|/proc/', target): print('descriptor', target)
ways = ['', '/proc/1/root', '/proc/self/cwd/../../../../../..', '/proc/self/root/..', '/proc/thread-self/root/../..']
ways += [f'/proc/self/fd/{number}/../../../../../..' for number in range(3, 20)]
for way in ways if '${decoy}' else []:
    try: print(way + '${decoy}', open(way + '${decoy}').read())
    except OSError: pass`

export const files: readonly Attack[] = [
  {
    id: 'read-only-root',
    tried: 'Writing anywhere in the image',
    stoppedBy: 'read-only root',
    fences: ['read-only-root'],
    matters: true,
    quick: true,
    run: (arena) =>
      nothingFound(
        arena,
        WRITE_ROOT,
        'no folder of the root takes a new file, no file of it opens for writing',
        'writable',
      ),
  },
  {
    id: 'engine-socket',
    tried: 'Finding a socket of the engine',
    stoppedBy: 'no folder and no socket of the host in a container',
    fences: [],
    matters: true,
    quick: true,
    run: (arena) =>
      nothingFound(arena, SOCKETS, 'no socket in the file system, no address in the environment', 'found'),
  },
  {
    id: 'host-files',
    tried: 'Files of the host: mounts, descriptors left open, ways up',
    stoppedBy: 'no folder of the host in a container',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      await using decoy = isOnHost(arena) ? await leaveHostFile() : undefined
      const good = 'no mount but its own, no descriptor but its pipes'
      const more = decoy
        ? '; a decoy on the host was out of reach'
        : '; the engine is on another machine, so no decoy was tried'
      return await nothingFound(arena, hostFiles(decoy?.path ?? ''), good + more, 'found')
    },
  },
  {
    id: 'devices',
    tried: 'Devices: those that are there, and making others',
    stoppedBy: 'no capabilities; user-namespace remapping of the engine',
    fences: ['capabilities', 'user', 'user-namespaces'],
    matters: true,
    quick: false,
    run: async (arena) =>
      unlessOwnKernel(
        arena,
        await nothingFound(
          arena,
          DEVICES,
          'only null, zero, full, random, urandom, tty; none can be made',
          'found',
        ),
      ),
  },
  {
    id: 'folders',
    tried: 'Running what is in a folder for data, setuid and devices in any',
    stoppedBy: 'options of each tmpfs',
    fences: ['tmpfs-options'],
    matters: true,
    quick: false,
    async run(arena) {
      const [learner, grader] = await Promise.all([arena.container(), arena.container({ role: 'grader' })])
      const found = [
        ...(await linesOf(learner, RUN_FROM(['/tmp', '/dev/shm']))),
        // The grader never runs what a learner made.
        ...(await linesOf(grader, RUN_FROM(['/workspace', '/tmp', '/dev/shm', '/exec']))),
      ]
      if (found.length === 0) {
        return held(
          'nothing runs from /tmp and /dev/shm, nor from the grader’s copy of a workspace; all are nosuid and nodev',
        )
      }
      const finding = broken(`got through: ${found.join(', ')}`)
      return found.some((line) => line.startsWith('a program')) ? finding : unlessOwnKernel(arena, finding)
    },
  },
]

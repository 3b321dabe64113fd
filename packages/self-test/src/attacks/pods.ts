/** One pod and the next: nothing of the one is in reach of the other. */
import { randomBytes } from 'node:crypto'
import { broken, held, type Attack } from '../attack.js'
import { linesOf } from './programs.js'

/**
 * Listens on loopback, the one interface that a pod has, and in the abstract namespace; tells `secret` to whoever comes. Nowhere else:
 * where the fence is missing, the host's other interfaces are none of ours.
 */
const listen = (secret: string, abstractName: string) => `
import os, socket, threading
four = socket.create_server(('127.0.0.1', 0))
port = four.getsockname()[1]
servers = [four]
try: servers.append(socket.create_server(('::1', port), family=socket.AF_INET6))
except OSError: pass
hidden = socket.socket(socket.AF_UNIX); hidden.bind('\\0${abstractName}'); hidden.listen(); servers.append(hidden)
print(port)
print([name for _, name in socket.if_nameindex() if name != 'lo'] or 'loopback alone')
def serve(server):
    while True:
        peer, _ = server.accept(); peer.sendall(b'${secret}'); peer.close()
os.sys.stdout.flush()
if os.fork() == 0:
    os.setsid()
    null = os.open('/dev/null', os.O_RDWR)
    for each in (0, 1, 2): os.dup2(null, each)
    for server in servers[1:]: threading.Thread(target=serve, args=(server,), daemon=True).start()
    serve(four)`

/** Calls where the other pod listens, and prints what it was told. */
const visit = (port: number, abstractName: string) => `
import socket
targets = [(socket.AF_INET, ('127.0.0.1', ${port})), (socket.AF_INET6, ('::1', ${port})), (socket.AF_UNIX, '\\0${abstractName}')]
for family, target in targets:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as peer:
            peer.settimeout(2); peer.connect(target); print(target, peer.recv(100))
    except OSError: pass`

const FOLDERS = ['/tmp', '/dev/shm', '/workspace']

/**
 * A process holds System V shared memory with the secret in it, and prints its number; files hold it too. The memory is given up from
 * the start, so that it is gone with that process: where this fence is missing it is the host's.
 */
const share = (secret: string) => `
import ctypes, os, signal
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget(0, 4096, 0o1666)
place = libc.shmat(number, None, 0)
libc.shmctl(number, 0, None)
ctypes.memmove(place, b'${secret}', ${secret.length})
for folder in ${JSON.stringify(FOLDERS)}: open(folder + '/decoy', 'w').write('${secret}')
print(number, flush=True)
if os.fork() == 0:
    os.setsid()
    null = os.open('/dev/null', os.O_RDWR)
    for each in (0, 1, 2): os.dup2(null, each)
    signal.pause()`

const look = (number: number) => `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
place = libc.shmat(${number}, None, 0o10000)
if place != ctypes.c_void_p(-1).value: print('shared memory', ctypes.string_at(place, 64).rstrip(b'\\0').decode())
try: table = open('/proc/sysvipc/shm').read().splitlines()[1:]
except OSError: table = []
for line in table: print('shared memory', line.split()[1])
for folder in ${JSON.stringify(FOLDERS)}:
    if os.path.exists(folder + '/decoy'): print('file', folder + '/decoy')`

const someName = () => `decoy-${randomBytes(8).toString('hex')}`

export const pods: readonly Attack[] = [
  {
    id: 'other-pods',
    tried: 'Reaching what another pod listens on',
    stoppedBy: 'network namespace with loopback only',
    fences: ['network'],
    matters: true,
    quick: false,
    async run(arena) {
      const [secret, abstractName] = [someName(), someName()]
      const [theirs, mine] = await Promise.all([arena.container(), arena.container()])
      const [port, interfaces = ''] = await linesOf(theirs, listen(secret, abstractName))
      const told = await linesOf(mine, visit(Number(port), abstractName))
      return told.length === 0 && interfaces === 'loopback alone'
        ? held(
            'a pod has no interface but a loopback of its own; listeners there and in the abstract namespace were not reached',
          )
        : broken(
            `reached in another pod: ${told.slice(0, 3).join(', ') || 'nothing'}; its other interfaces: ${interfaces}`,
          )
    },
  },
  {
    id: 'other-pods-memory',
    tried: 'Reading what another pod keeps in shared memory and files',
    stoppedBy: 'IPC namespace; mounts of its own',
    fences: ['ipc-namespace'],
    matters: true,
    quick: false,
    async run(arena) {
      const [theirs, mine] = await Promise.all([arena.container(), arena.container()])
      const [number = ''] = await linesOf(theirs, share(someName()))
      if (!/^\d+$/.test(number)) throw new Error('the decoys could not be made')
      const found = await linesOf(mine, look(Number(number)))
      return found.length === 0
        ? held('shared memory and files of another pod were not found')
        : broken(`found in another pod: ${found.slice(0, 8).join(', ')}`)
    },
  },
]

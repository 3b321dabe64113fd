/** One pod and the next: nothing of the one is in reach of the other. */
import { randomBytes } from 'node:crypto'
import { broken, held, type Attack } from '../attack.js'
import { linesOf } from './programs.js'

/** Listens on everything it has, tells `secret` to whoever comes, and prints its port and all of its addresses. */
const listen = (secret: string, abstractName: string) => `
import fcntl, os, socket, struct, threading
four = socket.create_server(('0.0.0.0', 0))
port = four.getsockname()[1]
servers = [four]
try: servers.append(socket.create_server(('::', port), family=socket.AF_INET6))
except OSError: pass
hidden = socket.socket(socket.AF_UNIX); hidden.bind('\\0${abstractName}'); hidden.listen(); servers.append(hidden)
print(port)
for _, name in socket.if_nameindex():
    try: print(socket.inet_ntoa(fcntl.ioctl(four, 0x8915, struct.pack('256s', name.encode()))[20:24]))
    except OSError: pass
try: own = open('/proc/net/if_inet6').read().split('\\n')
except OSError: own = []
for line in own:
    if line: print(socket.inet_ntop(socket.AF_INET6, bytes.fromhex(line.split()[0])))
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

/** Calls each address, over each interface where that matters, and prints what it was told. */
const visit = (addresses: readonly string[], port: number, abstractName: string) => `
import socket
targets = [(socket.AF_UNIX, '\\0${abstractName}')]
for address in ${JSON.stringify(addresses)}:
    if ':' not in address: targets.append((socket.AF_INET, (address, ${port})))
    else: targets += [(socket.AF_INET6, (address, ${port}, 0, scope)) for scope, _ in [(0, ''), *socket.if_nameindex()]]
for family, target in targets:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as peer:
            peer.settimeout(2); peer.connect(target); print(target, peer.recv(100))
    except OSError: pass
print(len(targets))`

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
    tried: 'Reaching another pod at each of its addresses',
    stoppedBy: 'network namespace with loopback only',
    fences: ['network'],
    matters: true,
    quick: false,
    async run(arena) {
      const [secret, abstractName] = [someName(), someName()]
      const [theirs, mine] = await Promise.all([arena.container(), arena.container()])
      const [port, ...addresses] = await linesOf(theirs, listen(secret, abstractName))
      const told = await linesOf(mine, visit(addresses, Number(port), abstractName))
      const tried = told.pop()
      if (Number(tried) < 2) throw new Error('the other pod has no address at all')
      return told.length === 0
        ? held(
            `a listener in another pod was not reached: ${tried} addresses tried, an abstract socket among them`,
          )
        : broken(`reached a listener in another pod: ${told.slice(0, 3).join(', ')}`)
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

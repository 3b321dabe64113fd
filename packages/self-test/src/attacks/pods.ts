/** One pod and the next: nothing of the one is in reach of the other. */
import { randomBytes, randomInt } from 'node:crypto'
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

/** System V shared memory and a message queue under a key, and files: all of them hold the secret. */
const IPC = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
class Message(ctypes.Structure): _fields_ = [('kind', ctypes.c_long), ('text', ctypes.c_char * 64)]
files = [f'{folder}/decoy' for folder in ('/tmp', '/dev/shm', '/workspace')]`

const share = (secret: string, key: number) => `${IPC}
memory = libc.shmget(${key}, 4096, 0o1666)
ctypes.memmove(libc.shmat(memory, None, 0), b'${secret}', ${secret.length})
queue = libc.msgget(${key}, 0o1666)
libc.msgsnd(queue, ctypes.byref(Message(1, b'${secret}')), 64, 0)
for each in files: open(each, 'w').write('${secret}')
print(memory >= 0 and queue >= 0)`
const look = (key: number) => `${IPC}
memory = libc.shmget(${key}, 0, 0)
if memory >= 0: print('shared memory', ctypes.string_at(libc.shmat(memory, None, 0), 64).rstrip(b'\\0'))
queue = libc.msgget(${key}, 0)
got = Message()
if queue >= 0 and libc.msgrcv(queue, ctypes.byref(got), 64, 0, 0o4000) >= 0: print('message queue', got.text)
for each in files:
    if os.path.exists(each): print('file', each)`
const remove = (key: number) => `${IPC}
libc.shmctl(libc.shmget(${key}, 0, 0), 0, None)
libc.msgctl(libc.msgget(${key}, 0), 0, None)`

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
    tried: 'Reading what another pod keeps in shared memory, queues and files',
    stoppedBy: 'IPC namespace; mounts of its own',
    fences: ['ipc-namespace'],
    matters: true,
    quick: false,
    async run(arena) {
      const [secret, key] = [someName(), randomInt(1, 2 ** 31)]
      const [theirs, mine] = await Promise.all([arena.container(), arena.container()])
      // What is shared with the host, on a host without this fence, outlives the container.
      await using _ = { [Symbol.asyncDispose]: async () => void (await linesOf(theirs, remove(key))) }
      const [shared] = await linesOf(theirs, share(secret, key))
      if (shared !== 'True') throw new Error('the decoys could not be made')
      const found = await linesOf(mine, look(key))
      return found.length === 0
        ? held('shared memory, a message queue and files of another pod were not found')
        : broken(`found in another pod: ${found.join(', ')}`)
    },
  },
]

/** The network: there is none, and no kind of socket that a network namespace does not cover. */
import { broken, held, type Attack } from '../attack.js'
import { linesOf } from './programs.js'
import { isOnHost, openHostListeners, type HostListeners } from './host-decoys.js'
import { FORBIDDEN, refused } from './system-calls.js'

/** What a decoy on the host tells, and what there is beyond loopback. Only the decoys are called. */
const lookAround = (decoys?: HostListeners) => `
import socket
def reach(name, family, address):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as peer:
            peer.settimeout(2); peer.connect(address); print(name, peer.recv(100).decode())
    except OSError: pass
${
  decoys
    ? `reach('TCP listener of the host', socket.AF_INET, ('127.0.0.1', ${decoys.port}))
reach('Unix listener of the host', socket.AF_UNIX, '\\0${decoys.abstractName}')`
    : ''
}
def lines(path):
    try: return open(path).read().splitlines()
    except OSError: return []
for _, name in socket.if_nameindex():
    if name != 'lo': print('interface', name)
for line in lines('/proc/net/route')[1:]: print('route', line.split()[0])
for line in lines('/proc/net/ipv6_route'):
    if line.split()[-1] != 'lo': print('route', line.split()[-1])
for line in lines('/etc/resolv.conf'):
    if line.startswith('nameserver'): print(line)
for line in lines('/proc/net/unix')[1:]:
    if '@' in line: print('somebody’s socket', line.split()[-1])`

export const network: readonly Attack[] = [
  {
    id: 'network',
    tried: 'Reaching the host’s loopback, or any network at all',
    stoppedBy: 'network namespace with loopback only',
    fences: ['network'],
    matters: true,
    quick: true,
    async run(arena) {
      await using decoys = isOnHost(arena) ? await openHostListeners() : undefined
      const found = await linesOf(await arena.container(), lookAround(decoys))
      if (found.length > 0) return broken(found.slice(0, 10).join(', '))
      return held(
        decoys
          ? 'no interface but loopback, no route, no name server; decoys on the host’s loopback were out of reach'
          : 'no interface but loopback, no route, no name server; the engine is on another machine, so none of its listeners was tried',
      )
    },
  },
  {
    id: 'socket-families',
    tried: 'Sockets that no network namespace divides, or that configure the kernel',
    stoppedBy: 'seccomp profile',
    fences: ['seccomp'],
    matters: true,
    quick: false,
    // Of a type that does not exist: past the filter the kernel says so, and loads no module for a family.
    run: refused({
      calls: {
        ...Object.fromEntries(
          Object.entries({
            vsock: 40,
            packet: 17,
            alg: 38,
            key: 15,
            xdp: 44,
            tipc: 30,
            can: 29,
            bluetooth: 31,
          }).map(([name, family]) => [name, `socket.socket(${family}, 15)`]),
        ),
        netfilter: 'socket.socket(socket.AF_NETLINK, 15, 12)',
        xfrm: 'socket.socket(socket.AF_NETLINK, 15, 6)',
        audit: 'socket.socket(socket.AF_NETLINK, 15, 9)',
        uevent: 'socket.socket(socket.AF_NETLINK, 15, 15)',
      },
      refusals: [...FORBIDDEN, 'EAFNOSUPPORT', 'EPROTONOSUPPORT'],
    }),
  },
  {
    id: 'raw-sockets',
    tried: 'Raw sockets, and changes to interfaces and addresses',
    stoppedBy: 'no capabilities',
    fences: ['capabilities', 'user'],
    matters: true,
    quick: false,
    run: refused({
      decoys: `
import fcntl
def set_flags():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any:
        # As they are: nothing changes where it is allowed.
        flags = fcntl.ioctl(any, 0x8913, struct.pack('16sH14x', b'lo', 0))
        fcntl.ioctl(any, 0x8914, flags)`,
      calls: {
        IPv4: 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)',
        IPv6: 'socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)',
        'flags of an interface': 'set_flags()',
      },
    }),
  },
]

/**
 * Each fence of the strict profile, tried from inside as the learner. The attacks are python3's and bash's own,
 * so that they need no compiler; each was seen to get through with its fence taken away.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ReadyContainer } from '../src/index.js'
import { openLab, python, shell, stdoutOf, text, type Lab } from './lab.js'

let lab: Lab
let container: ReadyContainer
beforeAll(async () => {
  lab = await openLab()
  container = await lab.ready()
}, 180_000)
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
}, 60_000)

const sh = async (line: string) => stdoutOf(await container.run(shell(line)))

/** What system calls answer: `name: ok` or `name: ERRNO`, one a line, each in a process of its own. */
async function syscalls(calls: Record<string, string>): Promise<Record<string, string>> {
  const program = `
import ctypes, errno, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    ctypes.set_errno(0)
    if libc.syscall(*arguments) < 0: raise OSError(ctypes.get_errno(), '')
def attempt(name, work):
    child = os.fork()
    if child == 0:
        try: work(); answer = 'ok'
        except OSError as error: answer = errno.errorcode.get(error.errno, str(error.errno))
        os.write(1, f'{name}: {answer}\\n'.encode()); os._exit(0)
    os.waitpid(child, 0)
${Object.entries(calls)
  .map(([name, work]) => `attempt(${JSON.stringify(name)}, lambda: ${work})`)
  .join('\n')}`
  const out = stdoutOf(await container.run(python(program)))
  return Object.fromEntries(out.split('\n').map((line) => line.split(': ') as [string, string]))
}

/** Every call is expected to give one of the codes. */
async function expectRefused(calls: Record<string, string>, codes: RegExp): Promise<void> {
  const answers = await syscalls(calls)
  expect(Object.keys(answers)).toEqual(Object.keys(calls))
  for (const [name, answer] of Object.entries(answers)) expect(`${name}: ${answer}`).toMatch(codes)
}

describe('who the learner is', () => {
  test('uid 1000 with no capability, no new privileges, under a filter', async () => {
    const status = await sh(
      `id -u; id -g; id -G; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr -d '\\t '`,
    )
    expect(status.split('\n')).toEqual([
      '1000',
      '1000',
      '1000',
      ...['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((set) => `Cap${set}:0000000000000000`),
      'NoNewPrivs:1',
      'Seccomp:2',
    ])
  })

  test('root of the container is nobody on the host', async () => {
    expect(await sh(`awk '{ print ($2 > 0) }' /proc/self/uid_map /proc/self/gid_map`)).toBe('1\n1')
  })

  test('no setuid program and no tool of the package manager is in the image', async () => {
    expect(await sh('find / -xdev -perm /6000 -type f 2>/dev/null | wc -l')).toBe('0')
    expect(await sh('ls /usr/bin/*perl* /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/* 2>/dev/null | wc -l')).toBe(
      '0',
    )
  })

  test('only the container’s own processes are to be seen', async () => {
    expect(Number(await sh('ls -d /proc/[0-9]* | wc -l'))).toBeLessThan(8)
  })
})

describe('file system', () => {
  test('the root is read-only; what is written is on a tmpfs without setuid and devices', async () => {
    const failed =
      'for p in / /etc /usr/bin /var /home /run /dev; do touch $p/x 2>/dev/null && echo $p; done; true'
    expect(await sh(failed)).toBe('')
    const mounts = await sh(`awk '$3 == "tmpfs" && $4 ~ /^rw/ { print $2, $4 }' /proc/mounts`)
    const writable = mounts.split('\n').filter((line) => !/^\/(proc|sys)\//.test(line))
    const folders = writable.map((line) => line.split(' ')[0]).sort()
    expect(folders).toEqual(['/dev', '/dev/shm', '/tmp', '/workspace'])
    for (const line of writable) expect(line).toMatch(/nosuid/)
    for (const line of writable.filter((each) => !each.startsWith('/dev '))) expect(line).toMatch(/nodev/)
  })

  test('no folder of the host, no socket of the engine', async () => {
    // Where there is a user namespace, devices and masks are bound from the host's /dev; /etc/hostname is the engine's.
    const mounts = await sh(`awk '{ print $3, $2 }' /proc/mounts`)
    const own =
      /^((overlay|tmpfs|proc|sysfs|devpts|mqueue|cgroup2?) |devtmpfs \/(dev|proc|sys)\/|\S+ \/etc\/host)/
    expect(mounts.split('\n').filter((mount) => !own.test(mount))).toEqual([])
    expect(
      await sh(
        'find / -xdev -type s 2>/dev/null; ls /var/run/docker.sock /run/docker.sock 2>/dev/null; true',
      ),
    ).toBe('')
  })

  test('the host’s facts are hidden and its knobs are out of reach', async () => {
    const hidden = [
      'cmdline',
      'kallsyms',
      'iomem',
      'keys',
      'modules',
      'diskstats',
      'interrupts',
      'sched_debug',
    ]
    expect(await sh(`cd /proc; cat ${hidden.join(' ')} 2>/dev/null | wc -c`)).toBe('0')
    expect(
      await sh(
        'ls /sys/firmware /sys/kernel /sys/class /sys/module /sys/block 2>/dev/null | grep -v : | grep -c .; true',
      ),
    ).toBe('0')
    // Opening is enough to tell; nothing is written.
    const knobs = `/proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches /proc/sysrq-trigger /sys/fs/cgroup/*/release_agent
      /sys/fs/cgroup/*/memory.limit_in_bytes /sys/fs/cgroup/*/cgroup.procs /sys/fs/cgroup/cgroup.procs /sys/power/state /dev/mem /dev/kmsg`
    expect(
      await sh(`for k in ${knobs.replaceAll('\n', ' ')}; do (: >> $k) 2>/dev/null && echo $k; done; true`),
    ).toBe('')
  })

  test('devices are the harmless ones', async () => {
    const devices = await sh('find /dev -type b -o -type c | sort')
    const harmless = /^\/dev\/(full|null|ptmx|pts\/ptmx|random|tty|urandom|zero)$/
    expect(devices.split('\n').filter((device) => !harmless.test(device))).toEqual([])
    await expectRefused({ mknod: 'os.mknod("/tmp/d", 0o060600, os.makedev(254, 0))' }, /EPERM/)
  })
})

describe('limits', () => {
  test('processes: a fork bomb ends at the limit, and the container is usable after a kill', async () => {
    await using own = await lab.ready([], { limits: { pids: 30 } })
    const bomb = await own.run(shell('bomb() { bomb | bomb & }; bomb; sleep 1', { timeoutMs: 3000 }))
    expect(bomb.kind).toMatch(/^(timeout|exited)$/)
    const count = `
import os, time
n = 0
try:
    while True:
        if os.fork() == 0: time.sleep(60)
        n += 1
except BlockingIOError: print(n)`
    await using other = await lab.ready([], { limits: { pids: 30 } })
    const reached = Number(stdoutOf(await other.run(python(count))))
    expect(reached).toBeGreaterThan(20)
    expect(reached).toBeLessThan(30)
  })

  test('memory: more than the limit is killed, in a child too', async () => {
    await using own = await lab.ready([], { limits: { memoryMb: 64 } })
    const outcome = await own.run(python('x = bytearray(80 << 20)'))
    expect(outcome).toMatchObject({ oom: true })
  })

  test('disk: bytes and inodes of each folder', async () => {
    await using own = await lab.ready([], { limits: { diskMb: 3 } })
    const fill = (folder: string) =>
      own.run(
        shell(
          `cd ${folder}; cat /dev/zero > a 2>/dev/null; stat -c %s a; rm a; i=0; while : > f$i; do i=$((i+1)); done 2>/dev/null; echo $i`,
        ),
      )
    for (const [folder, size, inodes] of [
      ['/workspace', 3, 4096],
      ['/tmp', 32, 2048],
      ['/dev/shm', 8, 512],
    ] as const) {
      const [bytes, files] = stdoutOf(await fill(folder))
        .split('\n')
        .map(Number)
      expect(bytes).toBeLessThanOrEqual(size * 1024 * 1024)
      expect(bytes).toBeGreaterThan(0)
      expect(files).toBeLessThan(inodes)
      expect(files).toBeGreaterThan(inodes / 2)
    }
  })

  test('file size, open files, core dumps', async () => {
    const write = `head -c ${33 * 1024 * 1024} /dev/zero > /workspace/x; stat -c %s /workspace/x; rm /workspace/x`
    expect(Number(await sh(`(${write}) 2>/dev/null`))).toBeLessThanOrEqual(32 * 1024 * 1024)
    expect(await sh('ulimit -Hn; ulimit -Hc; ulimit -Hf; ulimit -Hl; ulimit -Hq')).toBe('256\n0\n32768\n0\n0')
    const open = `
fds = []
try:
    while True: fds.append(open('/dev/null'))
except OSError: print(len(fds))`
    expect(Number(stdoutOf(await container.run(python(open))))).toBeLessThan(256)
  })

  test('CPU: two busy processes get no more than one CPU’s time', async () => {
    await using own = await lab.ready([], { limits: { cpus: 0.5 } })
    const spin = `
import os, time
for _ in range(2):
    if os.fork() == 0:
        end = time.monotonic() + 2
        while time.monotonic() < end: pass
        os._exit(0)
for _ in range(2): os.wait()
used = os.times(); print(used.children_user + used.children_system)`
    expect(Number(stdoutOf(await own.run(python(spin))))).toBeLessThan(1.5)
  })
})

describe('network', () => {
  test('there is only loopback, and nothing answers beyond it', async () => {
    expect(await sh(`awk -F: 'NR > 2 { gsub(/ /, "", $1); print $1 }' /proc/net/dev`)).toBe('lo')
    await expectRefused(
      {
        // An address of the documentation range: nobody's.
        connect: 'socket.create_connection(("192.0.2.1", 80), 2)',
        connect6: 'socket.create_connection(("2001:db8::1", 80), 2)',
        datagram: 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))',
      },
      /ENETUNREACH|EADDRNOTAVAIL/,
    )
  })

  test('localhost works by name', async () => {
    const serve = `
import socket, threading
server = socket.create_server(('127.0.0.1', 8080))
def answer():
    peer, _ = server.accept(); peer.recv(4096); peer.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nserved')
threading.Thread(target=answer, daemon=True).start()
import urllib.request; print(urllib.request.urlopen('http://localhost:8080').read().decode())`
    expect(stdoutOf(await container.run(python(serve)))).toBe('served')
  })
})

describe('system calls', () => {
  test('sockets that no network namespace covers', async () => {
    await expectRefused(
      {
        vsock: 'socket.socket(40, socket.SOCK_STREAM)',
        packet: 'socket.socket(17, socket.SOCK_RAW)',
        raw: 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)',
        alg: 'socket.socket(38, socket.SOCK_SEQPACKET)',
        netfilter: 'socket.socket(16, socket.SOCK_RAW, 12)',
        xfrm: 'socket.socket(16, socket.SOCK_RAW, 6)',
      },
      /EPERM/,
    )
  })

  test('namespaces, mounts and other users', async () => {
    await expectRefused(
      {
        unshareUser: 'call(272, 0x10000000)',
        unshareNet: 'call(272, 0x40000000)',
        cloneUser: 'call(56, 0x10000011, 0, 0, 0, 0)',
        setns: 'call(308, os.open("/proc/self/ns/net", 0), 0)',
        mount: 'call(165, b"t", b"/tmp", b"tmpfs", 0, 0)',
        umount: 'call(166, b"/proc", 2)',
        pivotRoot: 'call(155, b".", b".")',
        chroot: 'os.chroot("/tmp")',
        fsopen: 'call(430, b"tmpfs", 0)',
        setuid: 'os.setuid(0)',
        chown: 'os.chown("/workspace", 0, 0)',
      },
      /EPERM|ENOSYS/,
    )
    // clone3's flags are in memory, where no filter sees them: libc falls back to clone.
    await expectRefused({ clone3: 'call(435, 0, 0)' }, /ENOSYS/)
  })

  test('looking into other processes and the kernel', async () => {
    await expectRefused(
      {
        ptrace: 'call(101, 0, 0, 0, 0)',
        readMemory: 'call(310, os.getppid(), 0, 0, 0, 0, 0)',
        kcmp: 'call(312, 1, 1, 0, 0, 0)',
        limitsOfOthers: 'call(302, 1, 0, 0, 0)',
        bpf: 'call(321, 0, 0, 0)',
        perf: 'call(298, 0, 0, -1, -1, 0)',
        userfaultfd: 'call(323, 1)',
        keyctl: 'call(250, 0, -3, 0)',
        addKey: 'call(248, b"user", b"x", b"y", 1, -3)',
        memfdSecret: 'call(447, 0)',
        openByHandle: 'call(304, 3, 0, 0)',
        initModule: 'call(175, 0, 0, b"")',
        kexec: 'call(246, 0, 0, 0, 0)',
        syslog: 'call(103, 3, 0, 0)',
        acct: 'call(163, b"/nonexistent")',
        personality: 'call(135, 0x0040000)',
      },
      /EPERM/,
    )
    await expectRefused({ ioUring: 'call(425, 4, 0)' }, /ENOSYS/)
  })
})

describe('one container and the next', () => {
  test('share no file, no shared memory and no name', async () => {
    await using first = await lab.ready()
    await using second = await lab.ready()
    const leave =
      'echo secret > /tmp/x; echo secret > /dev/shm/x; echo secret > /workspace/x; ipcmk -Q >/dev/null; echo left'
    expect(stdoutOf(await first.run(shell(leave)))).toBe('left')
    const look = await second.run(
      shell('cat /tmp/x /dev/shm/x /workspace/x 2>/dev/null; ipcs -q | grep -c 0x; true'),
    )
    expect(stdoutOf(look)).toBe('0')
    expect(text(look.kind === 'exited' ? look.stderr : undefined)).toBe('')
  })
})

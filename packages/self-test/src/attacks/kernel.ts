/** The kernel's interfaces beyond what a lab needs: what the filter leaves out, and what takes powers that nobody has. */
import type { Attack } from '../attack.js'
import { FORBIDDEN, refused } from './system-calls.js'

/** Arguments that make no sense: past the filter the kernel complains about them, and can do nothing. */
const senseless = {
  unshare: 'call("unshare", -1)',
  setns: 'call("setns", -1, 0)',
  clone3: 'call("clone3", 0, 0)',
  mount: 'call("mount", 0, 0, 0, 0, 0)',
  umount: 'call("umount2", 0, -1)',
  chroot: 'call("chroot", 0)',
  open_tree: 'call("open_tree", -1, 0, -1)',
  ptrace: 'call("ptrace", -1, 0, 0, 0)',
  process_vm_readv: 'call("process_vm_readv", 0, 0, 0, 0, 0, 1)',
  pidfd_getfd: 'call("pidfd_getfd", -1, 0, 1)',
  kcmp: 'call("kcmp", 0, 0, -1, 0, 0)',
  bpf: 'call("bpf", -1, 0, 0)',
  perf_event_open: 'call("perf_event_open", 0, 0, -1, -1, -1)',
  userfaultfd: 'call("userfaultfd", -1)',
  keyctl: 'call("keyctl", -1, 0, 0, 0, 0)',
  add_key: 'call("add_key", 0, 0, 0, 0, 0)',
  request_key: 'call("request_key", 0, 0, 0, 0)',
  io_uring: 'call("io_uring_setup", 0, 0)',
  memfd_secret: 'call("memfd_secret", -1)',
  name_to_handle_at: 'call("name_to_handle_at", -1, 0, 0, 0, 0)',
  open_by_handle_at: 'call("open_by_handle_at", -1, 0, 0)',
  fanotify: 'call("fanotify_init", -1, 0)',
  set_mempolicy: 'call("set_mempolicy", -1, 0, 0)',
  iopl: 'call("iopl", 99)',
  modify_ldt: 'call("modify_ldt", 0, 0, 0)',
  'personality without address randomisation': 'call("personality", 0x0040000)',
}

export const kernel: readonly Attack[] = [
  {
    id: 'system-calls',
    tried: 'System calls that no lab needs',
    stoppedBy: 'seccomp profile',
    fences: ['seccomp'],
    matters: true,
    quick: true,
    run: refused({ calls: senseless, refusals: FORBIDDEN }),
  },
  {
    id: 'keys',
    tried: 'Keys of the kernel, which no namespace divides',
    stoppedBy: 'seccomp profile',
    fences: ['seccomp'],
    matters: true,
    quick: false,
    run: refused({
      calls: {
        'a key of one’s own': 'call("add_key", b"user", b"decoy", b"x", 1, -2)',
        'the session’s keyring': 'call("keyctl", 0, -3, 0, 0, 0)',
      },
    }),
  },
  {
    id: 'kernel-objects',
    tried: 'io_uring, userfaultfd, secret memory, bpf, performance counters',
    stoppedBy: 'seccomp profile',
    fences: ['seccomp'],
    matters: true,
    quick: false,
    run: refused({
      calls: {
        io_uring: 'call("io_uring_setup", 4, ctypes.create_string_buffer(256))',
        userfaultfd: 'call("userfaultfd", 1)',
        memfd_secret: 'call("memfd_secret", 0)',
        // An array of one entry: no program.
        bpf: 'call("bpf", 0, ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 4, 1) + bytes(112)), 128)',
        // A software clock of this process alone, without the kernel.
        perf_event_open:
          'call("perf_event_open", ctypes.create_string_buffer(struct.pack("IIQQQQQ", 1, 120, 0, 0, 0, 0, 0x20) + bytes(80)), 0, -1, -1, 0)',
      },
    }),
  },
  {
    id: 'user-namespace',
    tried: 'A user namespace of one’s own, with every capability in it',
    stoppedBy: 'seccomp profile',
    fences: ['seccomp'],
    matters: true,
    quick: false,
    run: refused({
      calls: {
        unshare: 'call("unshare", NEWUSER)',
        clone: 'forking("clone", NEWUSER | SIGCHLD, 0, 0, 0, 0)',
        // Its flags are in memory, where no filter sees them: the whole call is refused.
        clone3: 'forking("clone3", struct.pack("QQQQQ", NEWUSER, 0, 0, 0, SIGCHLD) + bytes(48), 88)',
        'a mount in it':
          '[call("unshare", NEWUSER | NEWNS), call("mount", b"t", b"/tmp/m", b"tmpfs", 0, b"size=4k")]',
        'a network in it':
          '[call("unshare", NEWUSER | NEWNET), socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)]',
      },
    }),
  },
  {
    id: 'namespaces',
    tried: 'New namespaces, and entering those of others',
    stoppedBy: 'seccomp profile; no capabilities',
    fences: ['seccomp', 'capabilities', 'user'],
    matters: true,
    quick: false,
    run: refused({
      calls: {
        mounts: 'call("unshare", NEWNS)',
        network: 'call("unshare", NEWNET)',
        processes: 'call("unshare", NEWPID)',
        'host name': 'call("unshare", NEWUTS)',
        ipc: 'call("unshare", NEWIPC)',
        cgroups: 'call("unshare", NEWCGROUP)',
        clone: 'forking("clone", NEWPID | NEWNET | SIGCHLD, 0, 0, 0, 0)',
        setns: 'call("setns", os.open("/proc/self/ns/net", os.O_RDONLY), NEWNET)',
        'the first process’s': 'call("setns", os.open("/proc/1/ns/mnt", os.O_RDONLY), NEWNS)',
        sethostname: 'call("sethostname", b"decoy", 5)',
      },
    }),
  },
  {
    id: 'mounts',
    tried: 'Mounting, unmounting and changing the root',
    stoppedBy: 'seccomp profile; no capabilities',
    fences: ['seccomp', 'capabilities', 'user'],
    matters: true,
    quick: false,
    run: refused({
      calls: {
        tmpfs: 'call("mount", b"t", b"/tmp/m", b"tmpfs", 0, b"size=4k")',
        proc: 'call("mount", b"p", b"/tmp/m", b"proc", 0, 0)',
        sysfs: 'call("mount", b"s", b"/tmp/m", b"sysfs", 0, 0)',
        cgroup: 'call("mount", b"c", b"/tmp/m", b"cgroup", 0, b"memory")',
        cgroup2: 'call("mount", b"c", b"/tmp/m", b"cgroup2", 0, 0)',
        bind: 'call("mount", b"/tmp", b"/tmp/m", 0, MS_BIND, 0)',
        'a writable root': 'call("mount", 0, b"/", 0, MS_REMOUNT | MS_BIND, 0)',
        'a writable /proc/sys': 'call("mount", 0, b"/proc/sys", 0, MS_REMOUNT | MS_BIND, 0)',
        'no mask before /sys/kernel': 'call("umount2", b"/sys/kernel", MNT_DETACH)',
        'no mask before /proc/keys': 'call("umount2", b"/proc/keys", MNT_DETACH)',
        chroot: 'call("chroot", b"/tmp")',
        fsopen: 'call("fsopen", b"tmpfs", 0)',
        open_tree: 'call("open_tree", AT_FDCWD, b"/", 1)',
        mount_setattr: 'call("mount_setattr", AT_FDCWD, b"/", 0, bytes(32), 32)',
        // The last, because what comes after it has another root.
        pivot_root: 'call("pivot_root", b".", b".")',
      },
    }),
  },
  {
    id: 'open-by-handle',
    tried: 'A file by its number instead of its path',
    stoppedBy: 'seccomp profile; no capabilities; user-namespace remapping of the engine',
    fences: ['seccomp', 'capabilities', 'user', 'user-namespaces'],
    matters: true,
    quick: false,
    run: refused({
      decoys: `
open('/tmp/decoy', 'w').close()
handle = ctypes.create_string_buffer(struct.pack('Ii', 128, 0) + bytes(128))
def by_handle():
    call('name_to_handle_at', AT_FDCWD, b'/tmp/decoy', handle, ctypes.byref(ctypes.c_int()), 0)
    call('open_by_handle_at', os.open('/tmp', os.O_RDONLY), handle, os.O_RDONLY)`,
      calls: { 'a decoy in /tmp': 'by_handle()' },
    }),
  },
  {
    id: 'power-over-the-host',
    tried: 'Modules, another kernel, the kernel’s log, accounting, swap files',
    stoppedBy: 'seccomp profile; no capabilities; user-namespace remapping of the engine',
    fences: ['seccomp', 'capabilities', 'user', 'user-namespaces'],
    matters: true,
    quick: false,
    // Nothing that exists is named, so that none of it can succeed.
    run: refused({
      calls: {
        'load a module': 'call("init_module", 0, 0, 0)',
        'load a module from a file': 'call("finit_module", -1, 0, 0)',
        'remove a module': 'call("delete_module", b"cooperage-decoy", os.O_NONBLOCK)',
        'another kernel': 'call("kexec_load", 0, 1 << 20, 0, 0x7fff)',
        'the kernel’s log': 'call("syslog", 10, 0, 0)',
        'process accounting': 'call("acct", b"/nonexistent/decoy")',
        swap: 'call("swapon", b"/nonexistent/decoy", 0)',
      },
      refusals: FORBIDDEN,
    }),
  },
]

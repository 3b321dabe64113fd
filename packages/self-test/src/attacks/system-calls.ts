/**
 * Asks the kernel for things, from inside a container: Python makes the calls, so that no compiler is needed, each in a process of
 * its own, so that none spoils the next. Numbers and flags are those of x86-64, as the seccomp profile is.
 */
import type { ReadyContainer } from '@cooperage/sandbox'
import type { Arena } from '../arena.js'
import { broken, held, type Finding } from '../attack.js'
import { unlessOwnKernel } from './own-kernel.js'
import { linesOf } from './programs.js'

/** From a name for people to a Python expression: it got through when it returns, and was refused when it raises OSError. */
type Calls = Readonly<Record<string, string>>

interface Probe {
  readonly calls: Calls
  /** Python that runs once before the calls: for decoys. */
  readonly decoys?: string
  /**
   * Names of errors that mean that nothing was done. Default: every error. A call with senseless arguments, which can do no harm on
   * any profile, names what a fence answers: any other error then comes from the very thing that should have been out of reach.
   */
  readonly refusals?: readonly string[]
}

/** What a filter, or the want of a capability, answers; and a kernel that has no such thing. */
export const FORBIDDEN = ['EPERM', 'EACCES', 'ENOSYS']

const NUMBERS = {
  clone: 56,
  ptrace: 101,
  syslog: 103,
  personality: 135,
  modify_ldt: 154,
  pivot_root: 155,
  chroot: 161,
  acct: 163,
  mount: 165,
  umount2: 166,
  swapon: 167,
  sethostname: 170,
  iopl: 172,
  init_module: 175,
  delete_module: 176,
  set_mempolicy: 238,
  kexec_load: 246,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  unshare: 272,
  perf_event_open: 298,
  fanotify_init: 300,
  name_to_handle_at: 303,
  open_by_handle_at: 304,
  setns: 308,
  process_vm_readv: 310,
  process_vm_writev: 311,
  kcmp: 312,
  finit_module: 313,
  bpf: 321,
  userfaultfd: 323,
  io_uring_setup: 425,
  open_tree: 428,
  fsopen: 430,
  pidfd_open: 434,
  clone3: 435,
  pidfd_getfd: 438,
  mount_setattr: 442,
  memfd_secret: 447,
}

const FLAGS = {
  NEWNS: 0x00020000,
  NEWCGROUP: 0x02000000,
  NEWUTS: 0x04000000,
  NEWIPC: 0x08000000,
  NEWUSER: 0x10000000,
  NEWPID: 0x20000000,
  NEWNET: 0x40000000,
  SIGCHLD: 17,
  MS_REMOUNT: 32,
  MS_BIND: 4096,
  MNT_DETACH: 2,
  AT_FDCWD: -100,
}

/** `call` makes a system call, `forking` one that returns twice. */
const PRELUDE = `
import ctypes, errno, os, signal, socket, stat, struct, sys
if os.uname().machine != 'x86_64': sys.exit('no x86-64')
libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = ${JSON.stringify(NUMBERS)}
${Object.entries(FLAGS)
  .map(([name, value]) => `${name} = ${value}`)
  .join('\n')}
def result(answer):
    if answer < 0: raise OSError(ctypes.get_errno(), '')
    return answer
def call(name, *arguments):
    whole = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return result(libc.syscall(ctypes.c_long(NUMBERS[name]), *whole))
def forking(name, *arguments):
    child = call(name, *arguments)
    if child == 0: os._exit(0)
    os.waitpid(child, 0)
os.makedirs('/tmp/m', exist_ok=True)
def attempt(name, work):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        try: work(); answer = 'done'
        except OSError as error: answer = errno.errorcode.get(error.errno, str(error.errno))
        os.write(1, f'{name}: {answer}\\n'.encode()); os._exit(0)
    _, status = os.waitpid(child, 0)
    if status: print(f'{name}: {"killed" if os.WIFSIGNALED(status) else "failed"}', flush=True)
`

/** What each call came to: `done`, the name of its error, or `killed`. Throws when one said nothing, which proves nothing. */
export async function answersTo(
  container: ReadyContainer,
  { calls, decoys = '' }: Omit<Probe, 'refusals'>,
): Promise<Map<string, string>> {
  const attempts = Object.entries(calls).map(
    ([name, expression]) => `attempt(${JSON.stringify(name)}, lambda: ${expression})`,
  )
  const lines = await linesOf(container, [PRELUDE, decoys, ...attempts].join('\n'))
  const answers = new Map(lines.map((line) => line.split(': ') as [string, string]))
  for (const name of Object.keys(calls)) {
    if ((answers.get(name) ?? 'failed') === 'failed') throw new Error(`"${name}" could not be tried`)
  }
  return answers
}

/** The `run` of an attack that is a list of calls to the kernel, all of which must be refused. */
export const refused =
  (probe: Probe) =>
  async (arena: Arena): Promise<Finding> =>
    unlessOwnKernel(arena, judge(await answersTo(await arena.container(), probe), probe.refusals))

/** Holds when every call was refused. */
export function judge(answers: ReadonlyMap<string, string>, refusals?: readonly string[]): Finding {
  const isRefusal = (answer: string) =>
    answer === 'killed' || (refusals ? refusals.includes(answer) : answer !== 'done')
  const through = [...answers].filter(([, answer]) => !isRefusal(answer))
  if (through.length > 0) {
    const told = through.map(([name, answer]) => (answer === 'done' ? name : `${name} (${answer})`))
    return broken(`got through: ${told.join(', ')}`)
  }
  const kinds = [...new Set(answers.values())].sort().join(', ')
  return held(`${answers.size} of ${answers.size} refused: ${kinds}`)
}

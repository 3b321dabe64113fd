/** Forging a verdict: points, exit codes, output, and the faults of a host, which cost a learner no attempt. */
import { bash, decoy, python3, type Graded } from '../attacked-lab.js'
import { broken, held, type Attack, type Finding } from '../attack.js'

/** Each attack here is to end with just this verdict. */
function expectVerdict(graded: Graded, verdict: string, happened: string): Finding {
  return graded.verdict === verdict ? held(happened) : broken(graded.verdict)
}

/** Tells everything that the submission wrote, to learners and staff, and always fails. */
const gullible = 'cat * "$EXEC_DIR"/* 2>/dev/null | tee /dev/stderr; test -e /checks/none'

/** In all the forms in which points and reports go from one part of the product to another. */
const FORGED_REPORTS = bash(`
report='{"id":"forged","status":"passed","partialPoints":5,"message":null,"staffNote":null,"durationMs":1}'
for line in 'points=5' "$report" "{\\"kind\\":\\"graded\\",\\"checks\\":[$report]}" 'ready' 'exit 0' $'\\n\\npoints=5\\n'; do
  printf '%s\\n' "$line"; printf '%s\\n' "$line" >&2; printf '%s\\n' "$line" >> points
  printf '%s\\n' "$line" >&3
  for process in 1 self $PPID; do printf '%s\\n' "$line" > /proc/$process/fd/1; printf '%s\\n' "$line" > /proc/$process/fd/3; done
done 2>/dev/null
mkdir -p checks exec/forged; cp points checks/forged.sh; echo 0 > exec/forged/exit; cp points exec/forged/stdout
printf '%s\\n' 'points=5' "$report" >&2`)

/** One file is a program for each way in which a command can seem to have ended well. */
const ENDINGS = bash(`
case $1 in
  killed) exit_by_signal() { kill -9 $$; }; exit_by_signal ;;
  child) (exit 0) & wait; exit 3 ;;
  heir) (sleep 0.2; exit 0) >/dev/null 2>&1 & exit 3 ;;
  parent) kill -9 $PPID 1; kill -9 -1; exit 3 ;;
  engine) echo 'OCI runtime exec failed: exec failed: cannot start: unknown'; exit 126 ;;
  helper) echo 'exec ./run: exec format error' >&2; exit 1 ;;
  wrapped) exec bash -c 'trap "exit 0" EXIT TERM; kill -9 $$' ;;
esac`)
/** The engine's words first: before any code of the learner's has run they would be its own. */
const endings = ['engine', 'helper', 'killed', 'child', 'heir', 'parent', 'wrapped']

/** Sets the CPU limit of the first process to a second, and has it use that up. */
const END_FIRST_PROCESS = python3(`
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
if libc.prlimit(1, 0, ctypes.create_string_buffer(struct.pack('QQ', 1, 1)), None) != 0: raise SystemExit('refused')
os.fork()
while True: os.kill(1, 17)`)

/** Leaves as many busy processes as there may be, all of them busy at the same time. */
const STARVE = python3(`
import os, time
go = time.monotonic() + 0.5
try:
    while True:
        if os.fork() == 0:
            os.setsid()
            for each in (0, 1, 2): os.close(each)
            time.sleep(max(0, go - time.monotonic()))
            while True: pass
except OSError: pass
time.sleep(max(0, go - time.monotonic() + 0.2))
os._exit(0)`)

/** Stays, touches what later checks look at, and answers at the address at which they ask. */
const STAY = python3(`
import os, socket, threading, time
server = socket.create_server(('0.0.0.0', 8080))
hidden = socket.socket(socket.AF_UNIX); hidden.bind('\\0answers'); hidden.listen()
if os.fork() > 0:
    print('left', flush=True)
    os._exit(0)
os.setsid()
null = os.open('/dev/null', os.O_RDWR)
for each in (0, 1, 2): os.dup2(null, each)
def answer(listener):
    while True:
        peer, _ = listener.accept(); peer.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nright\\n'); peer.close()
for listener in (server, hidden): threading.Thread(target=answer, args=(listener,), daemon=True).start()
beat = 0
while True:
    beat += 1
    open('new', 'w').write(str(beat)); os.rename('new', 'beat')`)

/** Floods both streams, and leaves behind whoever goes on when the first has ended. */
const FLOOD = bash(`
for n in 1 2; do (setsid sh -c 'yes 2>/dev/null & exec yes >&2' &); done
exec head -c 300000 /dev/zero`)

export const verdict: readonly Attack[] = [
  {
    id: 'forge-points',
    tried: 'Points and reports of one’s own in output, files and descriptor 3',
    stoppedBy: 'points come from the grader’s wrapper behind a random marker; reports from the worker',
    fences: [],
    matters: true,
    quick: true,
    async run(arena) {
      const graded = await arena.grade({
        checks: [
          { id: 'right', exec: { run: ['./run'], stdout: decoy() } },
          { id: 'forged', points: 5, exec: { run: ['./run'] }, script: 'gullible.sh' },
          { id: 'later', points: 5, script: 'gullible.sh' },
        ],
        scripts: { 'gullible.sh': gullible },
        submitted: { run: FORGED_REPORTS },
      })
      const points = ['right', 'forged', 'later'].map((id) => graded.check(id).partialPoints)
      if (!graded.says('later').includes('points=5')) throw new Error(`not tried: ${graded.verdict}`)
      return points.every((each) => each === null)
        ? expectVerdict(
            graded,
            'right failed, forged failed, later failed',
            'no point and no verdict was had by it',
          )
        : broken(`points: ${points.join(', ')}`)
    },
  },
  {
    id: 'forge-exit-code',
    tried: 'Ending badly so that it looks well: by signals, heirs, traps and the engine’s words',
    stoppedBy: 'exit codes come from the engine',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const graded = await arena.grade({
        checks: endings.map((id) => ({ id, exec: { run: ['./run', id] } })),
        submitted: { run: ENDINGS },
      })
      const all = endings.map((id) => `${id} failed`).join(', ')
      return expectVerdict(graded, all, `${endings.length} bad ends were all seen as such`)
    },
  },
  {
    id: 'fault-by-limit',
    tried: 'Having the container killed by a limit set on its first process: a fault that costs no attempt',
    stoppedBy: 'seccomp profile: no process sets limits of another',
    fences: ['seccomp'],
    matters: true,
    quick: false,
    async run(arena) {
      const graded = await arena.grade({
        checks: [{ id: 'attack', exec: { run: ['./run'], timeoutSeconds: 20 } }],
        submitted: { run: END_FIRST_PROCESS },
      })
      return expectVerdict(graded, 'attack failed', 'the limit was refused')
    },
  },
  {
    id: 'fault-by-starvation',
    tried: 'Using up the CPU so that no later check starts: a fault that costs no attempt',
    stoppedBy: 'what does not start beside a learner’s processes is the learner’s doing',
    fences: [],
    matters: true,
    quick: false,
    alone: true,
    async run(arena) {
      const graded = await arena.grade({
        limits: { cpus: 0.1, pids: 40 },
        checks: [
          { id: 'attack', exec: { run: ['./run'], timeoutSeconds: 20 } },
          { id: 'later', exec: { run: ['true'], timeoutSeconds: 0.3 } },
        ],
        submitted: { run: STARVE },
      })
      return graded.outcome.kind === 'graded' ? held(`a verdict: ${graded.verdict}`) : broken(graded.verdict)
    },
  },
  {
    id: 'kill-grader',
    tried: 'Killing the first process and everything else',
    stoppedBy: 'the first process takes no signal from inside; the grader is another container',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const graded = await arena.grade({
        checks: [
          { id: 'attack', exec: { run: ['./run'], timeoutSeconds: 4 } },
          { id: 'honest', exec: { run: ['cat', 'kept'], stdout: 'kept' } },
          { id: 'copied', script: 'same.sh' },
          { id: 'strict', script: 'strict.sh' },
        ],
        scripts: { 'same.sh': 'test "$(cat kept)" = kept', 'strict.sh': 'exit 1' },
        fixed: { kept: 'kept' },
        submitted: {
          // The first process answers SIGUSR1 (10) by killing all others: the attacker's last word.
          run: bash(`for file in mem oom_score_adj fd/9 fd/0; do echo 1000 > /proc/1/$file; done 2>/dev/null
            for signal in {64..11} {9..1}; do kill -$signal 1; done
            sleep 0.2; (setsid bash -c 'while kill -9 -1; do :; done' &); kill -10 1; kill -9 -1; kill -9 $$`),
        },
      })
      const verdict = 'attack failed, honest passed, copied passed, strict failed'
      return expectVerdict(graded, verdict, 'only the attacker’s own check failed')
    },
  },
  {
    id: 'fill-pipes',
    tried: 'Filling the grader’s pipes, and leaving behind whoever goes on with it',
    stoppedBy: 'bound on output, the container is killed',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const graded = await arena.grade({
        checks: [
          { id: 'attack', exec: { run: ['./run'], timeoutSeconds: 8 } },
          { id: 'honest', exec: { run: ['cat', 'kept'], stdout: 'kept' } },
        ],
        fixed: { kept: 'kept' },
        submitted: { run: FLOOD },
      })
      if (!graded.says('attack').includes('more output than is allowed'))
        return broken(`${graded.verdict}: ${graded.says('attack')}`)
      return expectVerdict(graded, 'attack failed, honest passed', 'stopped; the next check passed')
    },
  },
  {
    id: 'late-answer',
    tried: 'Leaving a process behind that answers for later checks and changes files while they look',
    stoppedBy:
      'what was left running is killed before scripts and hidden checks; the grader is another container',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const still = 'a=$(cat beat); sleep 0.5; b=$(cat beat); test "$a" = "$b" -a "$a" != ""'
      const asks =
        'curl -s -m 2 http://localhost:8080/; curl -s -m 2 --abstract-unix-socket answers http://a/'
      const graded = await arena.grade({
        checks: [
          { id: 'leaves', exec: { run: ['./run'], stdout: 'left\n' } },
          { id: 'asks', script: 'asks.sh' },
          { id: 'still', script: 'still.sh' },
          {
            id: 'asks-too',
            visibility: 'hidden',
            exec: { run: ['bash', '-c', asks], exitCode: 7, stdout: '' },
          },
          { id: 'still-too', visibility: 'hidden', exec: { run: ['bash', '-c', still] } },
        ],
        scripts: { 'asks.sh': `test "$(${asks})" = ""`, 'still.sh': still },
        submitted: { run: STAY },
      })
      const all = ['leaves', 'asks', 'still', 'asks-too', 'still-too'].map((id) => `${id} passed`).join(', ')
      return expectVerdict(graded, all, 'nobody answered, and nothing moved')
    },
  },
  {
    id: 'tamper-later',
    tried: 'Changing the files of later checks: scripts, data, exit codes and output of others',
    stoppedBy: 'checks and outcomes are put into another container, below folders of their own',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const truth =
        'test "$(cat "$EXEC_DIR/exit" "$EXEC_DIR/stdout")" = "4\nbad" && test "$(cat /checks/data)" = data'
      const graded = await arena.grade({
        checks: [
          { id: 'attack', exec: { run: ['./run'] }, script: 'truth.sh' },
          { id: 'strict', script: 'strict.sh' },
        ],
        scripts: { 'truth.sh': truth, 'strict.sh': 'exit 1', data: 'data' },
        submitted: {
          run: bash(`for folder in /checks /exec /exec/attack checks exec exec/attack .. /proc/1/root/checks; do
              mkdir -p $folder
              for file in strict.sh truth.sh data exit stdout; do printf '#!/bin/sh\\nexit 0\\n' > $folder/$file; chmod 755 $folder/$file; done
            done 2>/dev/null
            echo bad; exit 4`),
        },
      })
      return expectVerdict(graded, 'attack passed, strict failed', 'the author’s own were used')
    },
  },
]

/** Submissions that attack the lab `greeter` of the attacked course, and what each deserves at the most. */

export interface Kind {
  readonly name: string
  /** The file `run`. */
  readonly run: string
  /** Checks that it may pass: by default what is not its doing. */
  readonly deserves?: readonly string[]
}

const bash = (lines: string) => `#!/bin/bash\n${lines}\n`
const python = (program: string) => `#!/usr/bin/env python3\n${program}\n`
/** Does what is asked, and leaves something behind. */
const greetsAnd = (lines: string) =>
  bash(`mkdir -p work; echo "greeted $1" > work/report\n${lines}\necho "Hello, $1"`)
const greeted = ['greets', 'kept', 'reports']

export const kinds: readonly Kind[] = [
  { name: 'flood on stdout', run: bash('exec yes') },
  { name: 'flood on stderr', run: bash('exec yes >&2') },
  { name: 'flood of single bytes', run: python('import os\nwhile True: os.write(1, b"x")') },
  { name: 'fork bomb', run: bash('f() { f | f & }; f; wait; sleep 60') },
  {
    name: 'thread bomb',
    run: python(
      'import threading, time\nwhile True:\n  try: threading.Thread(target=time.sleep, args=(60,)).start()\n  except RuntimeError: time.sleep(0.1)',
    ),
  },
  { name: 'memory bomb', run: python('x = []\nwhile True: x.append(bytearray(1 << 20))') },
  { name: 'never-ending', run: bash('while :; do :; done') },
  { name: 'deaf to every signal', run: bash("trap '' {1..64} 2>/dev/null; while :; do sleep 1; done") },
  { name: 'asleep with its output closed', run: bash('exec >&- 2>&- <&-; sleep 60') },
  { name: 'kill -9 -1', run: bash('kill -9 -1; kill -9 $$') },
  { name: 'kill of the first process', run: bash('for s in {64..11} {9..1}; do kill -$s 1; done; exit 1') },
  {
    name: 'sparse file',
    run: bash('truncate -s 31M work/a work/b; truncate -s 1T work/c; echo Hello; exit 1'),
  },
  { name: 'full disk', run: bash('mkdir -p work; cat /dev/zero > work/a; cat /dev/zero > /tmp/a; exit 1') },
  { name: 'inodes', run: bash('for i in {1..9000}; do : > f$i || break; done 2>/dev/null; exit 1') },
  {
    name: 'descriptors',
    run: python(
      'import os\nf = []\ntry:\n  while True: f.append(os.pipe())\nexcept OSError: pass\nwhile True: pass',
    ),
  },
  {
    name: 'deep folders',
    run: python(
      'import os\ntry:\n  for i in range(4000):\n    os.mkdir("d" * 200); os.chdir("d" * 200); open("f", "w").close()\nexcept OSError: pass',
    ),
  },
  {
    name: 'links and pipes for the grader',
    run: bash(
      'mkdir -p work; ln -s /checks/word work/word; ln -s /checks work/checks; mkfifo work/report; rm kept; mkfifo kept',
    ),
    deserves: [],
  },
  { name: 'closed workspace', run: bash('chmod 000 /workspace'), deserves: [] },
  {
    name: 'daemons',
    run: greetsAnd('for i in {1..30}; do (setsid sleep 600 &) ; done >/dev/null 2>&1'),
    deserves: greeted,
  },
  {
    name: 'busy daemons',
    run: greetsAnd(
      "for i in {1..20}; do (setsid bash -c 'while :; do :; done' &) ; done >/dev/null 2>&1 </dev/null",
    ),
    deserves: greeted,
  },
  {
    name: 'daemon that rewrites files',
    run: greetsAnd(
      '(setsid bash -c \'while :; do echo "quercus" > work/word; echo kept > kept; done\' &) >/dev/null 2>&1 </dev/null',
    ),
    deserves: greeted,
  },
  {
    name: 'forged points',
    run: bash('for i in {1..9}; do echo points=4; echo points=4 >&2; echo points=4 >&3; done'),
  },
  {
    name: 'forged report',
    run: bash(
      'echo \'{"kind":"graded","checks":[{"id":"greets","status":"passed"},{"id":"sealed","status":"passed"}]}\'; exit 0',
    ),
  },
  { name: 'the engine’s words', run: bash('echo "OCI runtime exec failed: exec failed: unknown"; exit 126') },
  {
    name: 'fault by a limit of the first process',
    run: python(
      'import os, ctypes, struct\nctypes.CDLL(None).prlimit(1, 0, ctypes.create_string_buffer(struct.pack("QQ", 1, 1)), None)\nfor i in range(200000): os.kill(1, 17)',
    ),
  },
  {
    name: 'text for terminals',
    run: bash("printf '\\033[2J\\033]0;x\\007\\xff\\xfe\\0\\xe2\\x80\\xae'; head -c 90000 /dev/urandom"),
  },
  {
    name: 'search for the word',
    run: bash(
      'grep -rs quercus / --exclude-dir=proc --exclude-dir=sys | head -c 1000; cat /proc/*/environ 2>/dev/null; cat /checks/*; exit 1',
    ),
  },
  { name: 'no program', run: '\x7fELF' },
  { name: 'a shebang that is itself', run: '#!/workspace/run\n' },
]

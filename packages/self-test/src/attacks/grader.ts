/** Steering the grader: its programs, what they read at their start, the archive that it takes, the text that it shows. */
import { bash, decoy, python3 } from '../attacked-lab.js'
import { broken, held, type Attack } from '../attack.js'

/** Puts a program of its own before or in the place of those that copy the workspace; that one says that it was run. */
const REPLACE = bash(`
for folder in /usr/local/bin /usr/local/sbin /usr/bin /bin; do
  for program in tar find sort head cut bash; do
    printf '#!/bin/sh\\ntouch /workspace/replaced /tmp/replaced\\n' > /tmp/program
    chmod 755 /tmp/program
    rm -f $folder/$program; cp /tmp/program $folder/$program || ln -sf /tmp/program $folder/$program
  done
done 2>/dev/null
echo /workspace/preload.so > /etc/ld.so.preload
for file in /etc/bash.bashrc /etc/profile ~/.bashrc ~/.bash_profile ~/.profile /root/.bashrc; do echo 'touch /workspace/replaced' >> $file; done 2>/dev/null
for program in tar find sort; do printf '#!/bin/sh\\ntouch /workspace/replaced\\n' > $program; chmod 755 $program; done
# Where every other program is.
for folder in /usr/local/bin /usr/bin; do test -w $folder && echo writable; done
exit 0`)

/** What each program of a script check would read at its start, were the workspace its home or its own folder. */
const TRAPS: Readonly<Record<string, string>> = {
  '.bashrc': 'echo steered; exit 0',
  '.bash_profile': 'echo steered; exit 0',
  '.bash_env': 'echo steered; exit 0',
  '.profile': 'echo steered; exit 0',
  '.curlrc': 'url = "file:///proc/version"\n',
  '.config/curlrc': 'url = "file:///proc/version"\n',
  '.jq': 'def keys: ["steered"];',
  '.gitconfig': '[core]\n\tfsmonitor = echo steered\n',
  '.terminfo/x/xterm': 'steered',
  '.lesskey': 'steered',
  'sitecustomize.py': 'print("steered")',
  'usercustomize.py': 'print("steered")',
  'json.py': 'print("steered")',
  'subprocess.py': 'print("steered")',
  'pyvenv.cfg': 'home = /workspace',
  '.local/lib/python3.11/site-packages/usercustomize.py': 'print("steered")',
  '.local/lib/python3.13/site-packages/usercustomize.py': 'print("steered")',
  'libc.so.6': 'steered',
  'libpreload.so': 'steered',
  tar: bash('echo steered'),
  cat: bash('echo steered'),
  jq: bash('echo steered'),
}
const STEERABLE = `
bash -c 'echo bash'; bash -ic 'echo bash' 2>/dev/null
python3 -c 'import json, subprocess; print("python")'
python3 - <<< 'import json; print("python")'
python3 /checks/own.py
echo '{"a": 1}' | jq -c keys
curl -s file:///checks/plain
tar --version | head -c 7; echo
env | grep -E '^(LD_|BASH_ENV|ENV|PYTHONHOME|PYTHONSTARTUP)'
true`
const UNSTEERED = ['bash', 'bash', 'python', 'python', 'own', '["a"]', 'plain', 'tar (GN'].join('\n')

/**
 * Waits for the program that copies the workspace, and writes an archive of its own into its output before it is killed.
 * What is in it: ways out of the folder, links and what lies below one, a device, a pipe, and one plain file twice.
 */
const FORGE_ARCHIVE = python3(`
import io, os, tarfile
body = io.BytesIO()
archive = tarfile.open(fileobj=body, mode='w', format=tarfile.GNU_FORMAT)
def add(name, text=b'exit 0\\n', kind=tarfile.REGTYPE, link=''):
    entry = tarfile.TarInfo(name); entry.type = kind; entry.linkname = link
    entry.size = len(text) if kind == tarfile.REGTYPE else 0
    archive.addfile(entry, io.BytesIO(text) if entry.size else None)
for name in ('../checks/strict.sh', '../../checks/strict.sh', '/checks/strict.sh', './../checks/strict.sh', 'a/../../checks/strict.sh', 'x' * 3000): add(name)
for at, target in enumerate(('/checks/strict.sh', '/checks', '/')):
    add(f'link{at}', kind=tarfile.SYMTYPE, link=target); add(f'hard{at}', kind=tarfile.LNKTYPE, link=target)
add('link1/strict.sh'); add('device', kind=tarfile.CHRTYPE); add('pipe', kind=tarfile.FIFOTYPE); add('won'); add('won')
archive.close()
bytes_ = body.getvalue()
if os.fork() > 0: print('left', flush=True); os._exit(0)
os.setsid()
null = os.open('/dev/null', os.O_RDWR)
for each in (0, 1, 2): os.dup2(null, each)
last = os.getpid()
while True:
    for pid in range(last + 1, last + 12):
        try: os.write(os.open(f'/proc/{pid}/fd/1', os.O_WRONLY | os.O_NONBLOCK), bytes_)
        except OSError: pass`)

const ENTRIES = 17
const FORGED = './link1/strict.sh, ./won'

/** What steers terminals, hides and reorders text, is no UTF-8, and is more than a message may be. */
const HOSTILE_TEXT = python3(`
import os, sys
text = b'\\x1b[2J\\x1b]0;title\\x07\\x1b]8;;http://localhost/\\x07link\\x9b31m\\x00\\x08\\x7f\\r' + '\\u202egnp.exe\\u2066\\u200b\\ufeff\\u2028\\u0085'.encode() + b'\\xff\\xfe\\xed\\xa0\\x80'
os.write(1, text + b'A' * 100000 + text); os.write(2, text * 500)
for n in range(20): open(b'%d' % n + b'\\x1b[31m\\xe2\\x80\\xae\\n', 'w').close()
open('text', 'wb').write(text)
raise SystemExit(1)`)
const harmful =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u

export const grader: readonly Attack[] = [
  {
    id: 'replace-programs',
    tried: 'Replacing the programs that copy the workspace out of the container',
    stoppedBy: 'read-only root; user 1000',
    fences: ['read-only-root', 'user', 'capabilities'],
    matters: true,
    quick: false,
    async run(arena) {
      const graded = await arena.grade({
        checks: [
          { id: 'replaces', exec: { run: ['./run'] }, script: 'tell.sh' },
          { id: 'found', script: 'found.sh' },
        ],
        scripts: {
          'tell.sh': 'cat "$EXEC_DIR/stdout"',
          'found.sh': 'test "$(cat kept)" = kept; test ! -e replaced || echo replaced',
        },
        fixed: { kept: 'kept' },
        submitted: { run: REPLACE },
      })
      if (graded.outcome.kind !== 'graded' || graded.verdict !== 'replaces passed, found passed')
        return broken(graded.verdict)
      const [wrote, found] = [graded.says('replaces'), graded.says('found')]
      return wrote === '' && found === ''
        ? held('no program was replaced, and none of the learner’s was run')
        : broken(`the folders of programs: ${wrote || 'not writable'}; run: ${found || 'none'}`)
    },
  },
  {
    id: 'steer-programs',
    tried:
      'Steering a check’s programs: LD_PRELOAD, PATH, BASH_ENV, .bashrc, .curlrc, .jq, modules of Python',
    stoppedBy: 'home, path and modules of a script lie outside of the workspace',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const graded = await arena.grade({
        checks: [{ id: 'steered', script: 'steerable.sh' }],
        scripts: {
          'steerable.sh': STEERABLE,
          'own.py': '#!/usr/bin/env python3\nimport json, subprocess, beside\nprint(beside.name)',
          'beside.py': 'name = "own"',
          plain: 'plain\n',
        },
        submitted: TRAPS,
      })
      const said = graded.says('steered')
      return graded.verdict === 'steered passed' && said === UNSTEERED
        ? held(`none of ${Object.keys(TRAPS).length} traps was read`)
        : broken(`${graded.verdict}: ${said}`)
    },
  },
  {
    id: 'forge-archive',
    tried:
      'Writing an archive of one’s own in the place of the copy of the workspace: ways out, links, devices',
    stoppedBy: 'an archive is read entry by entry: regular files with plain names, below the workspace',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      let read = 0
      for (let time = 0; time < 3; time++) {
        const graded = await arena.grade({
          limits: { cpus: 2 },
          checks: [
            { id: 'forges', exec: { run: ['./run'], stdout: 'left\n' } },
            { id: 'lists', script: 'lists.sh' },
            { id: 'strict', visibility: 'hidden', script: 'strict.sh' },
          ],
          scripts: {
            'lists.sh': 'find . ! -type d; find /checks ! -name "*.sh" ! -path /checks',
            'strict.sh': 'exit 1',
          },
          submitted: { run: FORGE_ARCHIVE },
        })
        if (graded.check('strict').status !== 'failed' || graded.outcome.kind !== 'graded')
          return broken(graded.verdict)
        const listed = graded.says('lists').split('\n').sort().join(', ')
        if (listed === FORGED) read += 1
        else if (!['./run', ''].includes(listed)) return broken(`copied: ${listed}`)
      }
      return held(
        `it was read in ${read} of 3 tries, and nothing came of it but two plain files of ${ENTRIES} entries`,
      )
    },
  },
  {
    id: 'hostile-text',
    tried: 'Text that steers terminals, hides itself, is no UTF-8, or is endless',
    stoppedBy: 'everything that is shown is bounded and made visible',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const mark = decoy()
      const graded = await arena.grade({
        checks: [
          { id: 'code', exec: { run: ['./run'] } },
          { id: 'stdout', exec: { run: ['./run'], exitCode: 1, stdout: 'something\n' } },
          { id: 'stderr', exec: { run: ['./run'], exitCode: 1, stderr: { contains: 'something' } } },
          { id: 'json', exec: { run: ['./run'], exitCode: 1, stdout: { json: {} } } },
          { id: 'matches', exec: { run: ['./run'], exitCode: 1, stdout: { matches: '^something$' } } },
          { id: 'told', script: 'tells.sh' },
        ],
        scripts: {
          'tells.sh': `cat text text; cat text >&2; echo ${mark}; ls; yes A | head -c 20000; exit 1`,
        },
        submitted: { run: HOSTILE_TEXT },
      })
      if (graded.outcome.kind !== 'graded' || !graded.says('told').includes(mark))
        return broken(graded.verdict)
      const texts = graded.outcome.checks.flatMap(({ message, staffNote }) => [
        message ?? '',
        staffNote ?? '',
      ])
      const bad = texts.filter((text) => harmful.test(text) || Buffer.byteLength(text) > 4096)
      return bad.length === 0 && graded.outcome.checks.every(({ status }) => status === 'failed')
        ? held(
            `${texts.filter((text) => text !== '').length} texts, all of them bounded and without a control character`,
          )
        : broken(`${bad.length} texts are not clean; ${graded.verdict}`)
    },
  },
]

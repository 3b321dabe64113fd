/**
 * Each row is a submission that uses up or spoils what it is given. It ends graded, with the right row and reason, and costs the
 * other checks nothing. What forges and reads is among the attacks of the self-test.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { openGradingLab, type Graded, type GradingLab } from './lab.js'

jest.setTimeout(180_000)
let lab: GradingLab
beforeAll(async () => {
  lab = await openGradingLab()
})
afterAll(async () => {
  await lab.engine.drained()
  expect(await lab.engine.removeAll()).toBe(0)
  await lab[Symbol.asyncDispose]()
})

/**
 * `attack` runs the submission, `honest` is what comes after it, `data` looks at the workspace from the grader, and `strict`
 * fails unless a file has been made that no submission can make.
 */
const attack = (run: string): Promise<Graded> =>
  lab.grade({
    limits: { memoryMb: 64, cpus: 1, pids: 32, diskMb: 16 },
    checks: [
      { id: 'attack', exec: { run: ['./run'], stdout: 'done\n', timeoutSeconds: 4 } },
      { id: 'honest', exec: { run: ['cat', 'kept'], stdout: 'kept\n' } },
      { id: 'data', script: 'checks/data.sh' },
      { id: 'strict', points: 5, script: 'checks/strict.sh' },
    ],
    scripts: {
      'data.sh': 'cd /workspace; test "$(cat kept)" = kept || exit 1; find . ! -type f ! -type d',
      'strict.sh':
        'cat /workspace/* 2>/dev/null | head -c 2000; cat /workspace/* >&2; test -e /checks/no-such-file',
    },
    starter: { kept: 'kept\n' },
    submitted: { run },
  })

interface Row {
  name: string
  run: string
  attack: 'passed' | 'failed'
  /** In the message of `attack`. */
  says?: RegExp
  /** Default passed. */
  honest?: 'passed' | 'failed'
  /** Default passed. */
  data?: 'passed' | 'failed'
}

const sh = (line: string) => `#!/bin/bash\n${line}\n`
const py = (program: string) => `#!/usr/bin/env python3\n${program}\n`

const rows: Row[] = [
  // What ends the container, or what a limit ends.
  { name: 'a fork bomb', run: sh('f() { f | f & }; f; f; wait; sleep 60'), attack: 'failed' },
  { name: 'a flood on stdout', run: sh('exec yes'), attack: 'failed', says: /more output than is allowed/ },
  {
    name: 'a flood on stderr',
    run: sh('exec yes >&2'),
    attack: 'failed',
    says: /more output than is allowed/,
  },
  {
    name: 'more memory than there is',
    run: py('x = []\nwhile True: x.append(bytearray(1 << 20))'),
    attack: 'failed',
    says: /memory limit of 64 MiB/,
  },
  {
    name: 'a process that ignores every signal',
    run: py(
      'import signal, time\nfor s in range(1, 64):\n  try: signal.signal(s, signal.SIG_IGN)\n  except Exception: pass\nwhile True: time.sleep(1)',
    ),
    attack: 'failed',
    says: /still running after 4 s/,
  },
  {
    name: 'a process that closes its output and stays',
    run: sh('exec >&- 2>&- <&-; exec sleep 60'),
    attack: 'failed',
    says: /still running after 4 s/,
  },
  {
    name: 'processes up to the limit, left behind',
    run: sh('while sleep 300 >/dev/null 2>&1 & do :; done 2>/dev/null; echo done'),
    attack: 'failed',
  },
  {
    name: 'processes up to the limit, left behind by one that passes',
    run: py(
      'import os, time\ntry:\n  while True:\n    if os.fork() == 0:\n      os.close(1); os.close(2)\n      time.sleep(300)\nexcept OSError: pass\nprint("done", flush=True)\nos._exit(0)',
    ),
    attack: 'passed',
  },
  // What is left in the workspace.
  {
    name: 'a full disk',
    run: sh('cat /dev/zero > full 2>/dev/null; echo done'),
    attack: 'passed',
  },
  {
    name: '100,000 files',
    run: sh('for i in {1..100000}; do : > "f$i" || break; done 2>/dev/null; echo done'),
    attack: 'passed',
  },
  {
    name: 'a workspace that nobody may read',
    run: sh('mkdir closed; echo x > closed/x; chmod 000 closed; chmod 000 run; echo done'),
    attack: 'passed',
  },
  {
    name: 'a workspace that is closed',
    run: sh('chmod 000 /workspace; echo done'),
    attack: 'passed',
    honest: 'failed',
  },
  {
    name: 'folders deeper than a path can be long',
    run: py(
      'import os\ntry:\n  for i in range(4000):\n    os.mkdir("d" * 250); os.chdir("d" * 250); open("f", "w").close()\nexcept OSError: pass\nprint("done")',
    ),
    attack: 'passed',
  },
  { name: 'its own files deleted', run: sh('rm -f run; echo done'), attack: 'passed' },
  {
    name: 'every file deleted',
    run: sh('rm -rf /workspace/* /workspace/.[!.]*; echo done'),
    attack: 'passed',
    honest: 'failed',
    data: 'failed',
  },
  {
    name: 'a process that rewrites the workspace after its check',
    run: sh('(while :; do echo forged > kept; done) >/dev/null 2>&1 & echo done'),
    attack: 'passed',
    honest: 'failed',
    data: 'failed',
  },
  // How it is told.
  { name: 'exit 126', run: sh('exit 126'), attack: 'failed', says: /found 126/ },
  { name: 'exit 127', run: sh('exit 127'), attack: 'failed', says: /found 127/ },
  {
    name: 'text that steers a terminal or hides itself',
    run: sh('printf "\\033[2J\\033]0;x\\007\\xe2\\x80\\xaedone\\n\\0"'),
    attack: 'failed',
    says: /\\e\[2J\\e\]0;x\\x07\\u202e/,
  },
]

describe('a hostile submission', () => {
  test.each(rows)('$name', async (row) => {
    const graded = await attack(row.run)
    expect(graded.outcome.kind).toBe('graded')
    expect(graded.verdicts).toEqual({
      attack: row.attack,
      honest: row.honest ?? 'passed',
      data: row.data ?? 'passed',
      strict: 'failed',
    })
    if (row.says) expect(graded.report('attack').message).toMatch(row.says)
    // No partial credit by text that a script copies to its stdout and stderr.
    expect(graded.report('strict').partialPoints).toBeNull()
    for (const { message, staffNote } of graded.outcome.checks) {
      for (const text of [message, staffNote]) {
        expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(4096)
        expect(text ?? '').not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
      }
    }
  })
})

/** What a learner must not learn: what a check expects, what a hidden one does. */
import type { Arena } from '../arena.js'
import { decoy, python3, type AttackedLab } from '../attacked-lab.js'
import { broken, held, type Attack, type Finding } from '../attack.js'

/**
 * Prints whatever looks like a decoy: in files, in what /proc tells of each process, in what each has open, and in all the
 * memory that can be read. The pattern itself does not look like one.
 */
const search = (everything: boolean) =>
  python3(`
import os, re, stat, sys
pattern = re.compile(rb'decoy-[0-9a-f]{24}')
found = set()
def look(path, limit=1 << 20):
    try:
        # Without waiting: a pipe without a writer would hold us up.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 'rb', 0) as file: found.update(pattern.findall(file.read(limit) or b''))
    except (OSError, ValueError): pass
for top in ${everything ? "['/']" : "['/workspace', '/tmp', '/dev', '/run', '/etc', '/checks', '/exec', '/home', '/root', '/mnt', '/srv']"}:
    for folder, folders, files in os.walk(top):
        if folder == '/': folders[:] = [each for each in folders if each not in ('proc', 'sys')]
        for each in files:
            path = os.path.join(folder, each)
            try: mode = os.stat(path).st_mode
            except OSError: continue
            if stat.S_ISREG(mode) or stat.S_ISFIFO(mode): look(path)
for name in ('checks', 'exec'):
    for up in ('/proc/1/root/', '/proc/self/root/', '/workspace/../', '/proc/1/cwd/../'):
        for folder, _, files in os.walk(up + name):
            for each in files: look(os.path.join(folder, each))
for pid in [each for each in os.listdir('/proc') if each.isdigit()]:
    for what in ('environ', 'cmdline', 'comm', 'maps', 'mountinfo', 'stack', 'auxv'): look(f'/proc/{pid}/{what}')
    try: fds = os.listdir(f'/proc/{pid}/fd')
    except OSError: fds = []
    for fd in fds:
        if pid != str(os.getpid()): look(f'/proc/{pid}/fd/{fd}')
    try:
        areas = open(f'/proc/{pid}/maps').read().split('\\n')
        memory = open(f'/proc/{pid}/mem', 'rb', 0)
    except OSError: continue
    for area in areas:
        span, _, rest = area.partition(' ')
        if not rest.startswith('r'): continue
        start, end = (int(edge, 16) for edge in span.split('-'))
        try:
            memory.seek(start); found.update(pattern.findall(memory.read(min(end - start, 8 << 20))))
        except (OSError, ValueError, OverflowError): pass
look('/dev/fd/0'); look('/dev/stdin')
print('searched', *[each.decode() for each in found])`)

type Secrets = ReturnType<typeof newSecrets>
const newSecrets = () => ({
  text: decoy(),
  json: decoy(),
  hiddenText: decoy(),
  script: decoy(),
  hiddenScript: decoy(),
  data: decoy(),
})

/** Grades the program as a submission; the checks that begin with `search` tell what it found of the secrets. */
async function judge(
  arena: Arena,
  program: string,
  secrets: Secrets,
  hidden: AttackedLab['checks'],
): Promise<Finding> {
  const graded = await arena.grade({
    checks: [
      { id: 'search', exec: { run: ['./run'] }, script: 'tell.sh' },
      { id: 'text', exec: { run: ['true'], stdout: secrets.text } },
      { id: 'json', exec: { run: ['true'], stdout: { json: { secret: secrets.json } } } },
      { id: 'script', script: 'open.sh' },
      ...hidden,
    ],
    scripts: {
      'tell.sh': 'cat "$EXEC_DIR/stdout"',
      'open.sh': `# ${secrets.script}\nexit 1`,
      'hidden.sh': `# ${secrets.hiddenScript}\nexit 1`,
      data: secrets.data,
    },
    submitted: { run: program },
  })
  const searches = ['search', ...hidden.map(({ id }) => id)].filter((id) => id.startsWith('search'))
  const told = searches.map((id) => graded.says(id))
  if (!told.every((text) => text.startsWith('searched'))) throw new Error(`no search: ${graded.verdict}`)
  const read = Object.entries(secrets).filter(([, secret]) => told.some((text) => text.includes(secret)))
  return read.length === 0
    ? held(`${Object.keys(secrets).length} random values were not found by ${told.length} searches`)
    : broken(`found what is a check’s: ${read.map(([name]) => name).join(', ')}`)
}

/** Links to what a grader holds, and files that are none; `kept`, which a check reads, becomes a pipe that nobody fills. */
const PLANT = python3(`
import os, socket
for at, target in enumerate(['/checks/hidden.sh', '/checks', '/exec', '/', '/proc/self/environ', '/proc/1/environ', '/proc/self/cmdline',
                             '/dev/stdin', '../checks/hidden.sh', '../../checks/data', '/checks/data']):
    os.symlink(target, f'link{at}')
os.mkdir('inner'); os.symlink('../../checks', 'inner/link')
for target in ('/etc/passwd', '/proc/self/environ', '/checks/data'):
    try: os.link(target, 'hard')
    except OSError: pass
os.link('run', 'same')
os.remove('kept'); os.mkfifo('kept')
os.mkfifo('pipe'); socket.socket(socket.AF_UNIX).bind('socket')
for name in (b'new\\nline', b'\\xff\\xfe', b'-rf', b'--checkpoint-action=exec=sh', b'..\\\\..\\\\checks', b'n' * 255):
    open(name, 'wb').write(b'planted')
open('holes', 'wb').truncate(8 << 20)
print('planted')`)

export const secrets: readonly Attack[] = [
  {
    id: 'read-checks',
    tried: 'Reading checks and what they expect: files, processes, memory, descriptors',
    stoppedBy: 'expected values never enter a container; checks enter the grader’s alone',
    fences: [],
    matters: true,
    quick: true,
    run: (arena) => judge(arena, search(false), newSecrets(), []),
  },
  {
    id: 'read-checks-anywhere',
    tried: 'Reading checks and what they expect in any file at all, hidden ones too',
    stoppedBy: 'expected values never enter a container; checks enter the grader’s alone',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const secrets = newSecrets()
      // The second search comes after scripts have run, and beside what only hidden checks have.
      return judge(arena, search(true), secrets, [
        { id: 'text-too', visibility: 'hidden', exec: { run: ['true'], stdout: secrets.hiddenText } },
        { id: 'script-too', visibility: 'hidden', script: 'hidden.sh' },
        { id: 'search-again', visibility: 'hidden', exec: { run: ['./run'] }, script: 'tell.sh' },
      ])
    },
  },
  {
    id: 'planted-files',
    tried: 'Links, pipes, sockets and strange names left for the grader to follow',
    stoppedBy: 'regular files with plain names alone are copied to the grader',
    fences: [],
    matters: true,
    quick: false,
    async run(arena) {
      const [script, data] = [decoy(), decoy()]
      const graded = await arena.grade({
        checks: [
          { id: 'plants', exec: { run: ['./run'], stdout: 'planted\n' } },
          { id: 'reads', script: 'reads.sh' },
          { id: 'lists', script: 'lists.sh' },
          { id: 'secret', visibility: 'hidden', script: 'hidden.sh' },
        ],
        scripts: {
          // As an author who thinks no harm writes it.
          'reads.sh':
            'cat kept; cat * */* 2>/dev/null | tr -d "\\0" | grep -ao "decoy-.*" | head -c 2000; exit 1',
          'lists.sh':
            'find . ! -type f ! -type d; find . -type f -print0 | tr "\\n\\0" "\\1\\n" | grep -av "^[ -~]*$"; true',
          'hidden.sh': `# ${script}\nexit 1`,
          data,
        },
        fixed: { kept: 'kept' },
        submitted: { run: PLANT },
      })
      if (graded.verdict !== 'plants passed, reads failed, lists passed, secret failed')
        return broken(graded.verdict)
      const [read, listed] = [graded.says('reads'), graded.says('lists')]
      if (read.includes(script) || read.includes(data)) return broken('a script read what a link named')
      if (listed !== '') return broken(`the grader was given ${listed.split('\n').join(', ')}`)
      if (!read.includes('kept (not a regular file)')) return broken(`a pipe was read: ${read}`)
      return held(
        'none of 12 links, 3 special files and 2 names that are no plain text reached the grader, and the learner is told',
      )
    },
  },
]

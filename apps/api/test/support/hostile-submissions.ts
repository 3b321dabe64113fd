import { json, type HostileCase } from './hostile-case.js'

/** Submissions that must be refused, at the address where good ones are taken. */
export function hostileSubmissions(path: string): HostileCase[] {
  const of = (name: string, files: unknown): HostileCase => ({
    name: `submit: ${name}`,
    method: 'POST',
    path,
    who: 'learner',
    headers: json,
    body: JSON.stringify({ files }),
  })
  const badPaths = [
    '../x',
    '../../etc/passwd',
    'data/../../x',
    'data/..',
    'data/.',
    './greet.sh',
    '/greet.sh',
    '/etc/passwd',
    'data//x',
    'data/',
    '',
    '.',
    '..',
    'greet.sh\u0000',
    'data/\u0000',
    'data/a\nb',
    'data\\x',
    'C:\\x',
    '\u202egreet.sh',
    'GREET.SH',
    'greet.sh ',
    'checks/names.sh',
    'solution/greet.sh',
    '.git/config',
    'data/' + 'x'.repeat(300),
    '~/x',
    'file:///etc/passwd',
    '%2e%2e/x',
  ]
  const file = { path: 'greet.sh', content: 'x' }
  return [
    ...badPaths.map((bad) => of(`path ${JSON.stringify(bad).slice(0, 30)}`, [{ path: bad, content: 'x' }])),
    of('a path twice', [file, file]),
    of('a file that is a folder', [
      { path: 'data/a', content: '' },
      { path: 'data/a/b', content: '' },
    ]),
    of(
      '10,000 files',
      Array.from({ length: 10_000 }, (_, index) => ({ path: `data/${index}`, content: '' })),
    ),
    of('a file of 2 MB', [{ path: 'greet.sh', content: 'x'.repeat(2 << 20) }]),
    of(
      '5 MB in all',
      Array.from({ length: 5 }, (_, n) => ({ path: `data/${n}`, content: 'x'.repeat(1 << 20) })),
    ),
    of('base64 that is none', [{ path: 'greet.sh', content: '!!!', encoding: 'base64' }]),
    of('base64 cut off', [{ path: 'greet.sh', content: 'QUJ', encoding: 'base64' }]),
    of('an unknown encoding', [{ path: 'greet.sh', content: 'x', encoding: 'utf16' }]),
    of('half a character', [{ path: 'greet.sh', content: '\ud800' }]),
    of('a mode', [{ ...file, mode: 0o4755 }]),
    of('a link', [{ path: 'greet.sh', link: '/etc/passwd' }]),
    of('no content', [{ path: 'greet.sh' }]),
    of('content that is a number', [{ path: 'greet.sh', content: 1 }]),
    of('a path that is an object', [{ path: { toString: 'greet.sh' }, content: 'x' }]),
    of('files as an object', { 0: file }),
    of('files as null', null),
    of('a file that is null', [null]),
    ...['', 'with space', 'x'.repeat(300), 'ümlaut'].map((key): HostileCase => ({
      ...of(`Idempotency-Key ${key.slice(0, 12)}`, [file]),
      headers: { ...json, 'idempotency-key': Buffer.from(key).toString('latin1') },
    })),
    { ...of('to a lab that is not there', [file]), path: path.replace('greet', 'none') },
    { ...of('to a lab whose name is none', [file]), path: path.replace('greet', '..%2f..') },
    { ...of('files to a live lab', [file]), path: path.replace('greet', 'terminal') },
  ]
}

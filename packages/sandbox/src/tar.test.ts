import { describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { isPlainPath, packTar, readTar } from './tar.js'

const bounds = { maxFiles: 10, maxFileBytes: 1000, maxTotalBytes: 2000 }
const file = (path: string, content = 'x') => ({ path, content: Buffer.from(content), mode: 0o644 })
const names = (archive: Buffer, over = {}) => [...readTar(archive, { ...bounds, ...over }).files.keys()]

/** Changes bytes of the first header and puts its sum right again. */
function forge(archive: Buffer, change: (header: Buffer) => void): Buffer {
  const forged = Buffer.from(archive)
  change(forged.subarray(0, 512))
  forged.write(' '.repeat(8), 148)
  const sum = forged.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  forged.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return forged
}

describe('packing', () => {
  test('GNU tar reads it: long and foreign names, modes, bytes', () => {
    const long = `${'folder/'.repeat(30)}ü`
    const archive = packTar([
      { path: 'a', content: Uint8Array.from([0, 255]), mode: 0o755, uid: 1000 },
      { path: long, content: Buffer.alloc(513, 7), mode: 0o600 },
      { path: 'empty', content: new Uint8Array(), mode: 0o644 },
    ])
    const list = execFileSync('tar', ['-tvf', '-', '--quoting-style=literal'], { input: archive })
      .toString()
      .trim()
      .split('\n')
    expect(list).toHaveLength(3)
    expect(list[0]).toMatch(/^-rwxr-xr-x 1000\/1000 +2 .* a$/)
    expect(list[1]).toMatch(/^-rw------- .* 513 /)
    expect(list[1]?.endsWith(long)).toBe(true)
  })

  test('reads back as it was', () => {
    const contents = readTar(packTar([file('a', 'one'), file('b/c', 'two')]), bounds)
    expect(contents.complete).toBe(true)
    expect([...contents.files].map(([name, content]) => [name, Buffer.from(content).toString()])).toEqual([
      ['a', 'one'],
      ['b/c', 'two'],
    ])
  })
})

describe('reading what may be hostile', () => {
  test.each(['../x', '/etc/x', 'a/../../x', 'a//b', 'a/./b', 'a\nb', 'x'.repeat(300), 'a/', '..'])(
    'drops the name %j',
    (path) => {
      const contents = readTar(packTar([file(path), file('kept')]), bounds)
      expect([...contents.files.keys()]).toEqual(['kept'])
      expect(contents.dropped).toHaveLength(1)
      expect(contents.dropped[0]?.why).toBe('name')
    },
  )

  test.each([
    ['1', 'link'],
    ['2', 'link'],
    ['K', 'link'],
    ['3', 'special'],
    ['4', 'special'],
    ['6', 'special'],
    ['S', 'sparse'],
    ['x', 'special'],
    ['g', 'special'],
    ['Z', 'special'],
  ])('drops an entry of type %s as %s', (type, why) => {
    const archive = forge(packTar([file('a'), file('kept')]), (header) => header.write(type, 156))
    const contents = readTar(archive, bounds)
    expect([...contents.files.keys()]).toEqual(['kept'])
    expect(contents.dropped).toEqual([{ path: 'a', why }])
  })

  test('drops duplicates, what is too big, and what is too many', () => {
    const contents = readTar(
      packTar([file('a', 'one'), file('./a', 'two'), file('big', 'x'.repeat(1001))]),
      bounds,
    )
    expect(Buffer.from(contents.files.get('a') ?? []).toString()).toBe('one')
    expect(contents.dropped.map(({ why }) => why)).toEqual(['duplicate', 'too-big'])
    expect(names(packTar(Array.from({ length: 20 }, (_, at) => file(`f${at}`))))).toHaveLength(10)
    expect(
      names(
        packTar([
          file('a', 'x'.repeat(900)),
          file('b', 'x'.repeat(900)),
          file('c', 'x'.repeat(900)),
          file('d'),
        ]),
      ),
    ).toEqual(['a', 'b', 'd'])
  })

  test('names at most a hundred of what it drops', () => {
    const many = packTar(Array.from({ length: 500 }, () => file('..')))
    expect(readTar(many, bounds).dropped).toHaveLength(100)
  })

  test('says that an archive is cut short, and gives what came before', () => {
    const archive = packTar([file('a'), file('b', 'x'.repeat(600))])
    for (const end of [1536, 1600, 2048, 2560]) {
      const contents = readTar(archive.subarray(0, end), bounds)
      expect(contents.complete).toBe(false)
      expect([...contents.files.keys()]).toEqual(end < 2560 ? ['a'] : ['a', 'b'])
    }
    expect(readTar(Buffer.alloc(0), bounds).complete).toBe(false)
    expect(readTar(Buffer.alloc(2048, 65), bounds).complete).toBe(false)
  })

  test('believes no size: neither a huge one, nor a negative one, nor one that is no number', () => {
    const archive = packTar([file('a'), file('b')])
    for (const size of ['77777777777', '\u0080\0\0\0\0\0\0\0\0\0\u0001', '-0000000001', 'zzzzzzzzzzz', '']) {
      const forged = forge(archive, (header) => header.fill(0, 124, 136).write(size, 124, 'latin1'))
      expect(readTar(forged, bounds)).toMatchObject({ complete: false, files: new Map() })
    }
  })

  test('a long name does not outlive its entry', () => {
    const long = 'n'.repeat(150)
    expect(names(packTar([file(long), file('b')]))).toEqual([long, 'b'])
  })

  test('what GNU tar makes of links, devices and sparse files is dropped', () => {
    const script = `d=$(mktemp -d); cd $d; echo hi > a; ln -s a s; ln a h; mkfifo p; truncate -s 1M sparse; tar -c --format=gnu --sparse a h p s sparse; rm -rf $d`
    const archive = execFileSync('bash', ['-c', script])
    const contents = readTar(archive, bounds)
    expect([...contents.files.keys()]).toEqual(['a'])
    expect(contents.dropped).toEqual([
      { path: 'h', why: 'link' },
      { path: 'p', why: 'special' },
      { path: 's', why: 'link' },
      { path: 'sparse', why: 'sparse' },
    ])
  })

  test('random bytes never throw', () => {
    let seed = 42
    const next = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff)
    const archive = packTar([file('a'), file('n'.repeat(150)), file('b', 'x'.repeat(700))])
    for (let time = 0; time < 2000; time++) {
      const broken = Buffer.from(archive)
      for (let n = next() % 8; n >= 0; n--) broken[next() % broken.length] = next() & 255
      expect(readTar(broken, bounds).files.size).toBeLessThanOrEqual(3)
    }
  })
})

test('plain paths', () => {
  expect(['a', 'a/b', '.a', '-a', 'ü', 'a b'].every(isPlainPath)).toBe(true)
  expect(['', '/', '.', '..', 'a/', '/a', 'a//b', 'a/..', 'a\u0085'].some(isPlainPath)).toBe(false)
})

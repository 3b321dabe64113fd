import { describe, expect, test } from '@jest/globals'
import type { Expected } from '@cooperage/contracts'
import { compareStream, comparedBytes } from './comparison.js'

const compare = (expected: Expected, found: string | Uint8Array) =>
  compareStream('stdout', expected, typeof found === 'string' ? Buffer.from(found) : found)

describe('equality', () => {
  test('is of bytes', () => {
    expect(compare('Grüße\n', 'Grüße\n')).toBeNull()
    expect(compare('', '')).toBeNull()
    // A lenient decoder would turn both into the same replacement character.
    expect(compare('\ufffd', Uint8Array.of(0xff))).not.toBeNull()
    expect(compare('a', '\ufeffa')).not.toBeNull()
  })

  test('shows the first line that differs, both sides of it', () => {
    const message = compare('one\ntwo\nthree\n', 'one\ntwo!\nthree\n')
    expect(message).toContain('line 2, column 4')
    expect(message).toContain('expected: "two"')
    expect(message).toContain('found:    "two!"')
  })

  test('says when the output ends early or goes on', () => {
    expect(compare('a\nb\n', 'a\n')).toMatch(/line 2:\nexpected: "b"\nfound: {4}\(the output ends/)
    expect(compare('a\n', 'a\nb\n')).toMatch(/line 2:\nexpected: \(the output ends.*\nfound: {4}"b"/)
  })

  test('names a newline that is missing or too many', () => {
    expect(compare('a\n', 'a')).toContain('lacks the newline')
    expect(compare('a\n', 'a\n\n')).toContain('newline too many')
  })

  test('says when nothing was written, and when nothing should have been', () => {
    expect(compare('a\n', '')).toContain('is empty')
    expect(compare('', 'noise')).toContain('should be empty')
  })

  test('makes control characters and text that hides itself visible', () => {
    const message = compare('plain\n', 'pl\u001b[31main\r\u202e\n') ?? ''
    expect(message).toContain('pl\\e[31main\\r\\u202e')
    expect(message).not.toMatch(/[\u001b\r\u202e]/)
  })

  test('shows a window of a long line', () => {
    const message = compare(`${'x'.repeat(9000)}a\n`, `${'x'.repeat(9000)}b\n`) ?? ''
    expect(message).toContain('column 9001')
    expect(message.length).toBeLessThan(600)
  })
})

describe('contains and matches', () => {
  test('look for a part', () => {
    expect(compare({ contains: 'lo, A' }, 'Hello, Ada')).toBeNull()
    expect(compare({ contains: 'Bob' }, 'Hello, Ada')).toContain('"Bob"')
    expect(compare({ matches: '^Hello, [A-Z][a-z]+$' }, 'Hello, Ada')).toBeNull()
    expect(compare({ matches: '^Hello$' }, 'Hello, Ada')).toContain('^Hello$')
  })

  test('take linear time where backtracking would not end', () => {
    expect(compare({ matches: '^(a+)+$' }, `${'a'.repeat(comparedBytes - 1)}!`)).toContain('does not match')
  })

  test('look at a bounded output only', () => {
    expect(compare({ matches: 'a' }, 'a'.repeat(comparedBytes + 1))).toContain('no more than')
  })
})

describe('json', () => {
  const expected = { json: { name: 'web', ports: [80, 443], labels: { a: null } } }
  test('is equality of values, whatever the order of keys and the white space', () => {
    expect(compare(expected, ' {"labels":{"a":null},"ports":[80,443],"name":"web"}\n')).toBeNull()
  })
  test('names the place of the first difference', () => {
    expect(compare(expected, '{"name":"web","ports":[80,8443],"labels":{"a":null}}')).toMatch(
      /\$\.ports\[1\]:\nexpected: 443\nfound: {4}8443/,
    )
    expect(compare(expected, '{"name":"web","ports":[80,443]}')).toContain('key "labels" is missing')
    expect(compare(expected, '{"name":"web","ports":[80],"labels":{"a":null}}')).toContain(
      'expected 2 elements, found 1',
    )
    expect(compare({ json: {} }, '{"__proto__":{"a":1}}')).toContain('"__proto__" should not be there')
    expect(compare({ json: { toString: 1 } }, '{}')).toContain('"toString" is missing')
    expect(compare({ json: { '0': 1 } }, '[1]')).toContain('First difference at $')
  })
  test('is not fooled by what is no JSON, no UTF-8, or nested without end', () => {
    expect(compare(expected, "{'name': 'web'}")).toContain('is not JSON')
    expect(compare({ json: '\ufffd' }, Uint8Array.of(0x22, 0xff, 0x22))).toContain('is not JSON')
    expect(compare(expected, '['.repeat(100_000) + ']'.repeat(100_000))).toContain('nested')
  })
})

import { describe, expect, it } from '@jest/globals'
import { globMatcher } from './globs.js'

describe('globs', () => {
  it.each([
    ['*.sh', 'a.sh', true],
    ['*.sh', 'sub/a.sh', false],
    ['*.sh', 'axsh', false],
    ['src/**', 'src/a/b.py', true],
    ['src/**', 'src', false],
    ['**/*.py', 'a.py', true],
    ['**/*.py', 'x/y/a.py', true],
    ['**', 'x/y', true],
    ['file?.txt', 'file1.txt', true],
    ['file?.txt', 'file/.txt', false],
    ['a+b(1).txt', 'a+b(1).txt', true],
    ['a**c', 'abbc', true],
    ['a**c', 'a/c', false],
    ['*', '', true],
    ['', 'a', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'a/b/c', false],
    ['**/b/**', 'a/b/c', true],
    ['**/b/**', 'a/b', false],
    ['**/**', 'a', true],
    ['**/a/**/a', 'a/a', true],
    ['*a*b', 'aabab', true],
    ['*a*b?', 'aabab', false],
  ])('%s matches %s: %s', (glob, path, matches) => {
    expect(globMatcher(glob).test(path)).toBe(matches)
  })

  it('answers for every pair of a glob and a path', () => {
    expect(globMatcher('*a*a*a*a*a*a*a*a*b').test('a'.repeat(255))).toBe(false)
    expect(globMatcher(`${'**/'.repeat(80)}x`).test(`${'a/'.repeat(127)}y`)).toBe(false)
    expect(globMatcher(`${'**/*a*/'.repeat(30)}x`).test(`${'aa/'.repeat(84)}y`)).toBe(false)
  })
})

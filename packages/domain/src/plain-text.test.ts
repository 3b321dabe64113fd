import { expect, test } from '@jest/globals'
import { plainText } from './plain-text.js'

test.each([
  ['plain – as it is, ¾ ✓', 'plain – as it is, ¾ ✓'],
  ['\u001b[2Jgone\u0007\r\nnext\0', '[2Jgone next'],
  ['user\u202etxt.exe\u2066', 'user txt.exe'],
  ['lone \ud800 surrogate', 'lone   surrogate'],
  ['line\u2028line', 'line line'],
])('%j', (given, plain) => expect(plainText(given, 100)).toBe(plain))

test('is cut, and never within a character', () => {
  expect(plainText('x'.repeat(20), 5)).toBe('xxxxx')
  expect(plainText('abc🐳', 4)).toBe('abc')
})

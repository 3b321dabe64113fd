import { describe, expect, test } from '@jest/globals'
import { clip, excerpt, visible } from './visible.js'

const bytes = (text: string) => Buffer.byteLength(text, 'utf8')

describe('clip', () => {
  test('keeps to its bytes and never cuts a character in two', () => {
    expect(clip('abc', 3)).toBe('abc')
    for (let max = 8; max < 24; max += 1) {
      const clipped = clip('😀'.repeat(20), max)
      expect(bytes(clipped)).toBeLessThanOrEqual(max)
      expect(clipped).toMatch(/^(?:😀)*( …)$/u)
    }
  })
})

describe('visible', () => {
  test('keeps newlines and tabs, spells out the rest, half characters too', () => {
    expect(visible('a\n\tb\u0000\u0007\u009b\ud800c😀')).toBe('a\n\tb\\0\\x07\\x9b\\ud800c😀')
  })
})

describe('excerpt', () => {
  test('is short whatever it is given', () => {
    const flood = Buffer.from(`${'é'.repeat(1000)}\n`.repeat(100))
    expect(bytes(excerpt(flood))).toBeLessThan(700)
    expect(excerpt(flood)).toContain(`${flood.length} bytes in all`)
    expect(excerpt(Buffer.from('a\nb\n'))).toBe('  a\n  b')
    expect(excerpt(Buffer.from(''))).toBe('  (nothing)')
  })
})

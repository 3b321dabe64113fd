/** Compares what a command wrote with what its check expects. Pure; the sizes it looks at are bounded. */
import type { Expected } from '@cooperage/contracts'
import { RE2JS } from 're2js'
import { clip, excerpt, textOf, visibleInLine } from './visible.js'

/** Expressions and JSON look at no more than this: an honest answer is small, and this work is done in the worker. */
export const comparedBytes = 256 * 1024

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Null when `found` is as expected; else what differs, in words for the learner, of bounded length. */
export function compareStream(
  stream: 'stdout' | 'stderr',
  expected: Expected,
  found: Uint8Array,
): string | null {
  if (typeof expected === 'string') return compareText(stream, expected, found)
  if ('contains' in expected) {
    return textOf(found).includes(expected.contains)
      ? null
      : `${stream} does not contain what was expected.\nexpected somewhere in it: ${quoted(expected.contains)}\nfound:\n${excerpt(found)}`
  }
  if (found.length > comparedBytes) {
    return `${stream} is ${found.length} bytes long; this check looks at no more than ${comparedBytes}.\nIt begins with:\n${excerpt(found)}`
  }
  if ('matches' in expected) {
    return RE2JS.compile(expected.matches).test(textOf(found))
      ? null
      : `${stream} does not match the expression.\nexpected a match of: ${visibleInLine(clip(expected.matches, 500))}\nfound:\n${excerpt(found)}`
  }
  return compareJson(stream, expected.json as Json, found)
}

const quoted = (text: string) => `"${clip(visibleInLine(text), 300)}"`

function compareText(stream: string, expected: string, found: Uint8Array): string | null {
  const wanted = Buffer.from(expected, 'utf8')
  if (wanted.equals(found)) return null
  if (wanted.length === 0) return `${stream} should be empty.\nfound:\n${excerpt(found)}`
  if (found.length === 0) return `${stream} is empty.\nexpected:\n${excerpt(wanted)}`
  const text = textOf(found)
  if (`${text}\n` === expected) return `${stream} lacks the newline at its end; all else is right.`
  if (text === `${expected}\n`) return `${stream} has a newline too many at its end; all else is right.`
  return `${stream} is not what was expected.\n${firstDifference(expected, text)}`
}

/** How much of a line is shown on either side of the first character that differs. */
const around = { before: 30, after: 120 }

function firstDifference(expected: string, found: string): string {
  const wantedLines = expected.split('\n')
  const foundLines = found.split('\n')
  const index = wantedLines.findIndex((line, place) => line !== foundLines[place])
  // All lines that were expected are there: what is found goes on.
  const line = index === -1 ? wantedLines.length : index
  const wanted = wantedLines[line]
  const actual = foundLines[line]
  const column = differingColumn(wanted ?? '', actual ?? '')
  const show = (text: string | undefined, lines: string[]) =>
    text === undefined || (text === '' && line === lines.length - 1)
      ? '(the output ends before this line)'
      : `"${window(text, column)}"`
  return [
    `First difference in line ${line + 1}${column > 0 ? `, column ${column + 1}` : ''}:`,
    `expected: ${show(wanted, wantedLines)}`,
    `found:    ${show(actual, foundLines)}`,
  ].join('\n')
}

function differingColumn(left: string, right: string): number {
  let column = 0
  while (column < left.length && left[column] === right[column]) column += 1
  return column
}

function window(line: string, column: number): string {
  const from = Math.max(0, column - around.before)
  const part = line.slice(from, column + around.after)
  return `${from > 0 ? '…' : ''}${visibleInLine(part)}${column + around.after < line.length ? '…' : ''}`
}

function compareJson(stream: string, expected: Json, found: Uint8Array): string | null {
  let value: Json
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(found)) as Json
  } catch {
    return `${stream} is not JSON.\nfound:\n${excerpt(found)}`
  }
  const difference = jsonDifference(expected, value, '$')
  return difference === null ? null : `${stream} is JSON, but not what was expected.\n${difference}`
}

/** Recursion goes as deep as `expected` does, which the author wrote; what was found cannot make it deeper. */
function jsonDifference(expected: Json, found: Json, path: string): string | null {
  const differ = () =>
    `First difference at ${clip(visibleInLine(path), 300)}:\nexpected: ${shownJson(expected)}\nfound:    ${shownJson(found)}`
  if (expected === null || typeof expected !== 'object') return expected === found ? null : differ()
  if (found === null || typeof found !== 'object' || Array.isArray(expected) !== Array.isArray(found)) {
    return differ()
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length !== found.length) {
      return `At ${clip(visibleInLine(path), 300)}: expected ${expected.length} elements, found ${found.length}.\n${differ()}`
    }
    return firstOf(expected, (item, index) => jsonDifference(item, found[index] as Json, `${path}[${index}]`))
  }
  const wanted = expected as { [key: string]: Json }
  const actual = found as { [key: string]: Json }
  for (const key of Object.keys(actual)) {
    if (!Object.hasOwn(wanted, key)) {
      return `At ${clip(visibleInLine(path), 300)}: the key ${quoted(key)} should not be there.`
    }
  }
  return firstOf(Object.keys(wanted), (key) =>
    Object.hasOwn(actual, key)
      ? jsonDifference(wanted[key] as Json, actual[key] as Json, `${path}.${key}`)
      : `At ${clip(visibleInLine(path), 300)}: the key ${quoted(key)} is missing.`,
  )
}

function firstOf<T>(items: readonly T[], judge: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const difference = judge(item, index)
    if (difference !== null) return difference
  }
  return null
}

/** What was found may be nested deeper than a stringify can follow: then its kind must do. */
function shownJson(value: Json): string {
  try {
    return clip(visibleInLine(JSON.stringify(value)), 300)
  } catch {
    return Array.isArray(value) ? '(a deeply nested array)' : '(a deeply nested object)'
  }
}

/**
 * The little of tar that goes over the wire: an archive of plain files out, and an archive that a learner's
 * container made back in, read as hostile. Both are wholly in memory, so their bounds are the caller's bytes.
 *
 * Format: POSIX ustar headers with GNU's long names (type L), as GNU tar writes with `--format=gnu`.
 */
import type { CollectBounds, DroppedEntry, DropReason } from './port.js'

const BLOCK = 512

export interface TarFile {
  /** Relative, `/` between segments. */
  readonly path: string
  readonly content: Uint8Array
  readonly mode: number
  /** Owner and group, the same number; default 0. */
  readonly uid?: number
}

export function packTar(files: readonly TarFile[]): Buffer {
  const blocks: Uint8Array[] = []
  const body = (bytes: Uint8Array) => blocks.push(bytes, Buffer.alloc(padding(bytes.length)))
  for (const file of files) {
    const name = Buffer.from(file.path, 'utf8')
    if (name.length > 100) {
      blocks.push(header(Buffer.from('././@LongLink'), 'L', name.length + 1, 0o644, 0))
      body(Buffer.concat([name, Buffer.alloc(1)]))
    }
    blocks.push(header(name.subarray(0, 100), '0', file.content.length, file.mode, file.uid ?? 0))
    body(file.content)
  }
  blocks.push(Buffer.alloc(2 * BLOCK))
  return Buffer.concat(blocks)
}

function header(name: Uint8Array, type: string, size: number, mode: number, owner: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  block.set(name, 0)
  block.write(octal(mode & 0o7777, 7), 100)
  block.write(octal(owner, 7), 108)
  block.write(octal(owner, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(0, 11), 136)
  block.write(' '.repeat(8), 148)
  block.write(type, 156)
  block.write('ustar  ', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\0 `, 148)
  return block
}

const padding = (length: number) => (BLOCK - (length % BLOCK)) % BLOCK

/** Names longer than this are dropped; Linux itself ends at 4096. */
export const MAX_NAME = 1024
const MAX_ENTRIES = 20_000
export const MAX_DROPPED = 100

export interface TarContents {
  readonly files: Map<string, Uint8Array>
  /** Permission bits of each file. */
  readonly modes: Map<string, number>
  readonly dropped: DroppedEntry[]
  /** False when the archive was cut short or is not one: what is there before the fault is given. */
  readonly complete: boolean
}

/**
 * Reads an archive that a learner may have made. Regular files with plain names below the top alone get
 * through; links, devices, sparse and extended headers, other names and what passes the bounds are dropped.
 */
export function readTar(archive: Buffer, bounds: CollectBounds): TarContents {
  const reading = new Reading(bounds)
  let at = 0
  let longName: Buffer | undefined
  for (let entry = 0; entry < MAX_ENTRIES; entry++) {
    if (at + BLOCK > archive.length) return reading.end(false)
    const block = archive.subarray(at, at + BLOCK)
    if (block.every((byte) => byte === 0)) return reading.end(true)
    const size = sizeOf(block)
    if (size === undefined || !sumIsRight(block)) return reading.end(false)
    const start = at + BLOCK
    at = start + size + padding(size)
    if (start + size > archive.length) return reading.end(false)
    const content = archive.subarray(start, start + size)
    const type = String.fromCharCode(block[156] ?? 0)
    if (type === 'L') {
      longName = untilZero(content)
      continue
    }
    const name = longName ?? untilZero(block.subarray(0, 100))
    longName = undefined
    reading.take(type, name, content, octalOf(block.subarray(100, 108)) ?? 0o644)
  }
  reading.drop('', 'too-many')
  return reading.end(true)
}

class Reading {
  private readonly files = new Map<string, Uint8Array>()
  private readonly modes = new Map<string, number>()
  private readonly dropped: DroppedEntry[] = []
  private total = 0

  constructor(private readonly bounds: CollectBounds) {}

  drop(path: string, why: DropReason): void {
    if (this.dropped.length < MAX_DROPPED) this.dropped.push({ path: forDisplay(path), why })
  }

  take(type: string, rawName: Buffer, content: Buffer, mode: number): void {
    const shown = rawName.subarray(0, MAX_NAME).toString('utf8')
    if (type === '5') return
    if (type !== '0' && type !== '\0' && type !== '7') return this.drop(shown, reasonOf(type))
    const name = plainName(rawName)
    if (name === undefined) return this.drop(shown, 'name')
    if (this.files.has(name)) return this.drop(shown, 'duplicate')
    if (content.length > this.bounds.maxFileBytes) return this.drop(shown, 'too-big')
    if (this.files.size >= this.bounds.maxFiles || this.total + content.length > this.bounds.maxTotalBytes) {
      return this.drop(shown, 'too-many')
    }
    this.total += content.length
    this.files.set(name, content)
    this.modes.set(name, mode & 0o777)
  }

  end(complete: boolean): TarContents {
    return { files: this.files, modes: this.modes, dropped: this.dropped, complete }
  }
}

function reasonOf(type: string): DropReason {
  if (type === '1' || type === '2' || type === 'K') return 'link'
  return type === 'S' ? 'sparse' : 'special'
}

/** The name without a leading `./`, or undefined for one that is not plain: see `isPlainPath`. */
function plainName(raw: Buffer): string | undefined {
  if (raw.length > MAX_NAME) return undefined
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return undefined
  }
  const relative = name.replace(/^(?:\.\/)+/, '')
  return isPlainPath(relative) ? relative : undefined
}

/** Relative, no `..`, `.`, empty or overlong segment, no control character. */
export function isPlainPath(path: string): boolean {
  if (/\p{Cc}/u.test(path) || Buffer.byteLength(path) > MAX_NAME) return false
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255)
}

/** Short and without control characters: dropped names are shown to people. */
export function forDisplay(path: string): string {
  return path
    .replace(/^(?:\.\/)+/, '')
    .replace(/[\p{Cc}\ufffd]/gu, '?')
    .slice(0, 120)
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end === -1 ? bytes : bytes.subarray(0, end)
}

function octalOf(field: Buffer): number | undefined {
  const text = untilZero(field).toString('latin1').trim()
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined
}

/** Size in bytes; undefined for what is no octal number (GNU's base-256 sizes begin at 8 GiB: refused). */
function sizeOf(block: Buffer): number | undefined {
  return octalOf(block.subarray(124, 136))
}

function sumIsRight(block: Buffer): boolean {
  let sum = 8 * 32
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return octalOf(block.subarray(148, 156)) === sum
}

/**
 * The file of the keys. Whoever reads it can forge receipts, and without it nobody can check those of before: so it belongs to its
 * owner alone, is written whole or not at all, and is never replaced by a new one because it cannot be read.
 */
import { constants, type BigIntStats } from 'node:fs'
import { link, lstat, open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { faultOf, Ring } from './keys.js'

/** Thousands of keys, which is centuries. */
const maxBytes = 1 << 20
const lockWaitMs = 2_000
const lockPollMs = 25

/** The keys cannot be used; the message says why and what to do, and shows nothing of them. */
export class KeyRingFault extends Error {
  override name = 'KeyRingFault'
}

/** `stamp` is another one after each change of the file. */
export interface StoredRing {
  ring: Ring
  stamp: string
}

const restore = 'Put it back from a copy: without it, receipts signed before cannot be checked.'
const stampOf = ({ dev, ino, size, ctimeNs }: BigIntStats) => [dev, ino, size, ctimeNs].join(':')

/** Throws KeyRingFault when the file is gone or cannot be reached. */
export async function readStamp(file: string): Promise<string> {
  try {
    return stampOf(await stat(file, { bigint: true }))
  } catch (error) {
    throw explained(file, error)
  }
}

/** Throws KeyRingFault. */
export async function readRing(file: string): Promise<StoredRing> {
  let handle: FileHandle | undefined
  try {
    // A pipe would hold up the open for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await handle.stat({ bigint: true })
    refuse(file, stats)
    return { ring: await parse(file, await handle.readFile('utf8')), stamp: stampOf(stats) }
  } catch (error) {
    throw explained(file, error)
  } finally {
    await handle?.close()
  }
}

function refuse(file: string, stats: BigIntStats): void {
  if (!stats.isFile())
    throw new KeyRingFault(`The receipt keys cannot be read: ${file} is not a plain file. ${restore}`)
  const mode = Number(stats.mode & 0o777n)
  if ((mode & 0o077) !== 0)
    throw new KeyRingFault(
      `The receipt keys are open to others: ${file} has mode ${mode.toString(8)}, and whoever reads it can forge receipts. ` +
        `Run \`chmod 600 ${file}\`; if somebody may have read it, rotate the key afterwards.`,
    )
  if (stats.size > maxBytes)
    throw new KeyRingFault(`The receipt keys cannot be read: ${file} is too large for what it is. ${restore}`)
}

async function parse(file: string, text: string): Promise<Ring> {
  // What the parsers say of the text could hold a part of the key.
  const broken = (what: string) =>
    new KeyRingFault(
      `The receipt keys cannot be read: ${file} is damaged (${what}). ${restore} ` +
        'Only when there is no copy, move it away: the next start makes new keys.',
    )
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw broken('it is not JSON')
  }
  const parsed = Ring.safeParse(json)
  if (!parsed.success) {
    const paths = parsed.error.issues.slice(0, 3).map(({ path }) => path.join('.') || 'the whole')
    throw broken(`not as it should be: ${paths.join(', ')}`)
  }
  const fault = await faultOf(parsed.data)
  if (fault !== null) throw broken(fault)
  return parsed.data
}

/** Answers false and changes nothing when there is a file already: of several that start at once, one makes it. */
export async function createRing(file: string, make: () => Promise<Ring>): Promise<boolean> {
  try {
    if (await lstat(file).catch(unlessMissing)) return false
    const draft = await writeDraft(file, await make())
    try {
      // Unlike a rename, a link never takes the place of what is there.
      await link(draft, file)
    } finally {
      await rm(draft)
    }
    await syncFolder(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (codeOf(error) === 'ENOENT')
      throw new KeyRingFault(`The receipt keys cannot be made: the folder of ${file} does not exist.`)
    throw explained(file, error)
  }
}

/**
 * Puts what `change` makes of the ring in its place; null leaves it. One process at a time: of two that change the same ring, one
 * would lose a key that has signed already. A lock that a dead process left is nobody's to take but the operator's.
 */
export async function changeRing(given: string, change: (ring: Ring) => Promise<Ring | null>): Promise<void> {
  let lock: string | undefined
  try {
    // Behind a link: the rename would put the new file in the place of the link.
    const file = await realpath(given)
    lock = await takeLock(`${file}.lock`)
    const next = await change((await readRing(file)).ring)
    if (next === null) return
    const draft = await writeDraft(file, next)
    try {
      await rename(draft, file)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    await syncFolder(file)
  } catch (error) {
    throw explained(given, error)
  } finally {
    if (lock !== undefined) await rm(lock, { force: true })
  }
}

async function takeLock(lock: string): Promise<string> {
  for (const until = Date.now() + lockWaitMs; ; await sleep(lockPollMs)) {
    try {
      await (await open(lock, 'wx', 0o600)).close()
      return lock
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      if (Date.now() >= until)
        throw new KeyRingFault(
          `The receipt keys cannot be changed: ${lock} is there, so another process is changing them, or died doing so. ` +
            `If none is running, remove ${lock} and try again.`,
        )
    }
  }
}

/** A file beside it, on the disk, with the owner of the one that is there: an operator who rotates as root locks nobody out. */
async function writeDraft(file: string, ring: Ring): Promise<string> {
  const draft = `${file}.${randomUUID()}.tmp`
  const owner = await stat(file).catch(unlessMissing)
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.chmod(0o600)
    if (owner) await handle.chown(owner.uid, owner.gid)
    await handle.writeFile(`${JSON.stringify(ring, null, 2)}\n`)
    await handle.sync()
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await handle.close()
  }
  return draft
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), constants.O_RDONLY)
  await folder.sync().finally(() => folder.close())
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code

function unlessMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}

function explained(file: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new KeyRingFault(`The receipt keys are not there: ${file} does not exist. ${restore}`)
    case 'EACCES':
    case 'EPERM':
      return new KeyRingFault(
        `The receipt keys cannot be used: ${file} or its folder is closed to the user of this process. ` +
          'Make that user its owner, and let them write to the folder.',
      )
    case 'EROFS':
      return new KeyRingFault(`The receipt keys cannot be changed: ${file} is on a disk that is read-only.`)
    default:
      return error
  }
}

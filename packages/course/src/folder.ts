import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RelativePath } from '@cooperage/contracts'
import type { CourseProblem } from './model.js'

/** A course may come from anywhere: what it may hold is bounded, so that a wrong folder is a message and not a full disk. */
const limits = { files: 5_000, fileBytes: 4 << 20, totalBytes: 64 << 20, depth: 12 }
const ignored = new Set(['.git', 'node_modules', '.DS_Store', 'package.json', 'README.md', 'gate.json'])

export interface FolderFile {
  /** Relative to the folder, with `/`. */
  path: string
  content: Uint8Array
}

/**
 * Every regular file of a folder, sorted by path. Links and special files are problems, not followed.
 * Hidden version control and package files are left out.
 */
export async function readFolder(root: string): Promise<{ files: FolderFile[]; problems: CourseProblem[] }> {
  const files: FolderFile[] = []
  const problems: CourseProblem[] = []
  let total = 0
  const problem = (file: string, message: string) => problems.push({ file, line: 1, message })

  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (ignored.has(entry.name) && !isLabFile(path)) continue
      if (entry.isDirectory()) {
        if (depth >= limits.depth) problem(path, `folders are at most ${limits.depth} deep`)
        else await walk(path, depth + 1)
      } else if (!entry.isFile()) {
        problem(path, 'neither a file nor a folder: links and special files are not read')
      } else if (!RelativePath.safeParse(path).success) {
        problem(path, 'a file name with control characters or backslashes, or a path over 255 characters')
      } else if (files.length >= limits.files) {
        throw new TooLarge(`more than ${limits.files} files`)
      } else {
        const { size } = await stat(join(root, path))
        total += size
        if (size > limits.fileBytes) problem(path, `${size} bytes; a file has at most ${limits.fileBytes}`)
        else if (total > limits.totalBytes) throw new TooLarge(`more than ${limits.totalBytes} bytes in all`)
        else files.push({ path, content: await readFile(join(root, path)) })
      }
    }
  }
  try {
    await walk('', 0)
  } catch (error) {
    problem('.', error instanceof TooLarge ? error.message : `cannot be read: ${(error as Error).message}`)
  }
  return { files, problems }
}

class TooLarge extends Error {}

/** What learners start with, submit or are checked by may have any name, `package.json` and README.md included. */
const isLabFile = (path: string) =>
  /^modules\/[^/]+\/labs\/[^/]+\/(starter|checks|solution|wrong)\//.test(path)

/** sha256 over paths and contents, each with its length, so that no two different folders give the same bytes. */
export function hashFiles(files: readonly FolderFile[], ...more: string[]): string {
  const hash = createHash('sha256')
  const part = (bytes: string | Uint8Array) => {
    const buffer = Buffer.from(bytes)
    hash.update(`${buffer.length}:`).update(buffer)
  }
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    part(file.path)
    part(file.content)
  }
  more.forEach(part)
  return hash.digest('hex')
}

/** Null when the bytes are not UTF-8. */
export function textOf(file: FolderFile): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.content)
  } catch {
    return null
  }
}

import { RelativePath, submissionLimits, type ProblemCode, type WireFile } from '@cooperage/contracts'
import { globMatcher } from './globs.js'

export interface SubmittedFile {
  path: string
  content: Uint8Array
}
export interface FileFault {
  code: Extract<
    ProblemCode,
    'validation_failed' | 'path_not_allowed' | 'too_many_files' | 'file_too_large' | 'payload_too_large'
  >
  path: string
  message: string
}

const limits = submissionLimits
/** Of all files together: a workspace has some thousand places for files and folders, and what does not fit is the sender's fault. */
const maxFolders = 1_000

/**
 * Judges what a learner sent against the lab's `files` globs and the limits, and decodes it to bytes. `starter`: paths of the lab's
 * starter files, of which those that the globs do not name are in the workspace too.
 * Answers the files, or each fault with the JSON path of the culprit (`files.3.path`).
 */
export function readSubmittedFiles(
  files: readonly WireFile[],
  globs: readonly string[],
  starter: readonly string[] = [],
): { files: SubmittedFile[] } | { faults: FileFault[] } {
  if (files.length > limits.maxFiles) {
    return {
      faults: [
        {
          code: 'too_many_files',
          path: 'files',
          message: `${files.length} files; at most ${limits.maxFiles} are taken`,
        },
      ],
    }
  }
  const matchers = globs.map(globMatcher)
  const faults: FileFault[] = []
  const seen = new Set<string>()
  const decoded: SubmittedFile[] = []
  let total = 0
  files.forEach((file, index) => {
    const fault = (code: FileFault['code'], field: string, message: string) =>
      faults.push({ code, path: `files.${index}.${field}`, message })
    const path = RelativePath.safeParse(file.path)
    if (!path.success)
      return fault('validation_failed', 'path', path.error.issues[0]?.message ?? 'not a plain relative path')
    if (seen.has(file.path)) return fault('validation_failed', 'path', 'the same path twice')
    seen.add(file.path)
    if (!matchers.some((matcher) => matcher.test(file.path))) {
      return fault('path_not_allowed', 'path', `this lab takes only ${globs.join(', ')}`)
    }
    const content = decodeContent(file)
    if (!content) return fault('validation_failed', 'content', 'not valid base64')
    if (content.length > limits.maxFileBytes) {
      return fault(
        'file_too_large',
        'content',
        `${content.length} bytes; at most ${limits.maxFileBytes} in a file`,
      )
    }
    total += content.length
    decoded.push({ path: file.path, content })
  })
  const fixed = new Set(starter.filter((path) => !matchers.some((matcher) => matcher.test(path))))
  const folders = new Set(decoded.flatMap((file) => parentsOf(file.path)))
  const parents = new Set([...folders, ...[...fixed].flatMap(parentsOf)])
  files.forEach((file, index) => {
    const fault = (message: string) =>
      faults.push({ code: 'validation_failed', path: `files.${index}.path`, message })
    if (parents.has(file.path)) fault('also the folder of another file')
    if (fixed.size > 0 && parentsOf(file.path).some((folder) => fixed.has(folder)))
      fault('below a path that is a file of the lab')
  })
  if (folders.size > maxFolders) {
    const message = `${folders.size} folders; at most ${maxFolders} are taken`
    faults.push({ code: 'too_many_files', path: 'files', message })
  }
  if (total > limits.maxTotalBytes) {
    faults.push({
      code: 'payload_too_large',
      path: 'files',
      message: `${total} bytes in all; at most ${limits.maxTotalBytes}`,
    })
  }
  return faults.length > 0 ? { faults } : { files: decoded }
}

/** Null when the base64 is not exactly so: what a lenient decoder would repair is refused. */
function decodeContent(file: WireFile): Uint8Array | null {
  if (file.encoding === 'utf8') return new TextEncoder().encode(file.content)
  if (file.content.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(file.content)) return null
  try {
    return Uint8Array.from(atob(file.content), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}

const parentsOf = (path: string) => {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Starter files that the learner may not edit, with the submitted files over them: the workspace that is graded. */
export function workspaceOf(
  starter: readonly SubmittedFile[],
  submitted: readonly SubmittedFile[],
  globs: readonly string[],
): SubmittedFile[] {
  const matchers = globs.map(globMatcher)
  const fixed = starter.filter((file) => !matchers.some((matcher) => matcher.test(file.path)))
  return [...fixed, ...submitted]
}

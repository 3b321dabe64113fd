import { RelativePath } from '@cooperage/contracts'
import { globMatcher } from '@cooperage/domain'

const isPattern = (glob: string) => /[*?]/.test(glob)

/** Why `path` cannot be the name of another file of the submission; null when it can. `taken`: the paths that are there. */
export function nameFault(path: string, globs: readonly string[], taken: readonly string[]): string | null {
  if (path === '') return 'Give the file a name.'
  if (!RelativePath.safeParse(path).success)
    return 'A plain relative path: no leading slash, no empty, "." or ".." part, no backslash.'
  if (taken.includes(path)) return 'A file of this name is there already.'
  if (taken.some((other) => other.startsWith(`${path}/`))) return 'A folder of this name is there already.'
  if (taken.some((other) => path.startsWith(`${other}/`)))
    return 'One of its folders has the name of a file that is there already.'
  if (!globs.some((glob) => globMatcher(glob).test(path))) return `This lab takes only ${globs.join(', ')}.`
  return null
}

/** A name to propose for a new file; null when the lab's names leave none to add. */
export function proposedName(globs: readonly string[], taken: readonly string[]): string | null {
  const literal = globs.find((glob) => !isPattern(glob) && !taken.includes(glob))
  if (literal !== undefined) return literal
  return globs.some(isPattern) ? '' : null
}

/** The path that a problem's `files.3.path` means, of the files as they were sent. */
export function culprit(problemPath: string, files: readonly { path: string }[]): string {
  const index = /^files\.(\d+)(?:\.|$)/.exec(problemPath)?.[1]
  return (index !== undefined ? files[Number(index)]?.path : undefined) ?? problemPath
}

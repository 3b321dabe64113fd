/** Whether a path is one that a glob names: `*` and `?` stay within a name, `**` crosses folders, all else is literal. */
export interface GlobMatcher {
  test(path: string): boolean
}

/**
 * Of the lab's `files`. Not by a regular expression: a glob is an author's and a path a learner's, and some pairs of them would keep
 * a backtracking expression busy for years. This takes steps of the order of their lengths multiplied.
 */
export function globMatcher(glob: string): GlobMatcher {
  const parts = glob.split('/')
  return { test: (path) => matchesParts(parts, path.split('/')) }
}

/** `**` is any number of names, at the end of a glob at least one. */
function matchesParts(parts: readonly string[], names: readonly string[]): boolean {
  // After each part: at which names the path may go on.
  let reached = new Set([0])
  parts.forEach((part, index) => {
    const next = new Set<number>()
    const least = index === parts.length - 1 ? 1 : 0
    for (const from of reached) {
      if (part !== '**') {
        const name = names[from]
        if (name !== undefined && matchesName(part, name)) next.add(from + 1)
        continue
      }
      for (let to = from + least; to <= names.length && !names.slice(from, to).includes(''); to++)
        next.add(to)
      // Whatever a later start reaches, the first one has reached.
      break
    }
    reached = next
  })
  return reached.has(names.length)
}

/** Goes back to the last `*` alone: what an earlier one could take, that one can take too. */
function matchesName(part: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0]
  for (let index = 0; index < name.length;) {
    if (part[at] === '*') {
      star = at++
      resume = index
    } else if (part[at] === '?' || part[at] === name[index]) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++resume
    } else return false
  }
  while (part[at] === '*') at++
  return at === part.length
}

/** Containers with a kernel of their own, as gVisor gives each: what they ask of it, they do not ask of the host. */
import type { Arena } from '../arena.js'
import { held, type Finding } from '../attack.js'
import { linesOf } from './programs.js'

/**
 * For attacks on the host's kernel. Lets one that got through count as held where another kernel than the host's answered it, and
 * says so: there it may trace, make namespaces and read the log of a kernel that is its own.
 */
export async function unlessOwnKernel(arena: Arena, finding: Finding): Promise<Finding> {
  if (finding.held) return finding
  const release = await foreignRelease(arena)
  return release === undefined
    ? finding
    : held(`only in a kernel of the container’s own (${release}), not in the host’s: ${finding.happened}`)
}

/** Release of the kernel that answers in a container; undefined when it is the host's. */
export async function foreignRelease(arena: Arena): Promise<string | undefined> {
  const [release = ''] = await linesOf(await arena.container(), 'import os; print(os.uname().release)')
  return release === arena.host.kernel ? undefined : release
}

/** In which order the checks of a lab run. Pure. */
import type { CheckSpec } from '@cooperage/contracts'

export interface Phase {
  /** Run in the learner's container, in this order. */
  readonly execs: readonly CheckSpec[]
  /** Run in the grader's container on the copy of the workspace taken after `execs`. */
  readonly scripts: readonly CheckSpec[]
}

/**
 * Exec checks in the file's order, hidden ones last, then scripts.
 *
 * A hidden exec check tells the learner's program its command and stdin, which the program may leave in the workspace for
 * the message of an open script check to show. So a lab with both has two phases: whatever is open is done before the
 * first hidden command runs.
 */
export function phasesOf(checks: readonly CheckSpec[]): Phase[] {
  const open = checks.filter((check) => check.visibility === 'open')
  const hidden = checks.filter((check) => check.visibility === 'hidden')
  const phase = (own: readonly CheckSpec[], scripts: readonly CheckSpec[]): Phase => ({
    execs: own.filter((check) => check.exec),
    scripts: scripts.filter((check) => check.script),
  })
  const mixed = hidden.some((check) => check.exec) && open.some((check) => check.script)
  return mixed ? [phase(open, open), phase(hidden, hidden)] : [phase([...open, ...hidden], checks)]
}

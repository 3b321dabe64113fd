/** Programs of the attacker that report what they found, and are known to have run to their end. */
import type { ReadyContainer, RunOutcome } from '@cooperage/sandbox'
import { printed, python, type Arena } from '../arena.js'
import { broken, held, type Finding } from '../attack.js'

/** The lines that a Python program printed. Throws when it failed: having found nothing would then prove nothing. */
export async function linesOf(container: ReadyContainer, program: string): Promise<string[]> {
  const outcome = await container.run(python(program))
  const text = printed(outcome)
  if (outcome.kind !== 'exited' || outcome.code !== 0)
    throw new Error(`the attack failed: ${complaintOf(outcome)}`)
  return text === '' ? [] : text.split('\n')
}

/** Runs it in a container of its own, and holds when it found nothing. */
export async function nothingFound(
  arena: Arena,
  program: string,
  good: string,
  bad: string,
): Promise<Finding> {
  const found = await linesOf(await arena.container(), program)
  return found.length === 0 ? held(good) : broken(`${bad}: ${found.slice(0, 8).join(', ')}`)
}

const complaintOf = (outcome: RunOutcome) =>
  outcome.kind === 'exited' ? Buffer.from(outcome.stderr).toString('utf8').trim().slice(-200) : outcome.kind

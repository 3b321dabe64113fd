/** What a learner is told when a command did not end well: what was expected, what was found, where to look. Pure. */
import type { ExecSpec } from '@cooperage/contracts'
import type { ContainerLimits, DroppedEntry, RunOutcome } from '@cooperage/sandbox'
import { compareStream } from './comparison.js'
import { clip, excerpt, visible, visibleInLine } from './visible.js'

type Exited = Extract<RunOutcome, { kind: 'exited' }>
type NotExited = Exclude<RunOutcome, { kind: 'exited' }>

/** Null when the command did what its check expects. With `lenientExit` another part judges the exit code 0. */
export function judgeExec(
  exec: ExecSpec,
  outcome: RunOutcome,
  limits: ContainerLimits,
  lenientExit: boolean,
): string | null {
  if (outcome.kind !== 'exited') return withCommand(exec, endedMessage(outcome, limits, exec.timeoutSeconds))
  // The default is 0 and cannot be told from a 0 that was written: where a script judges, the script judges that too.
  const exitMatters = !(lenientExit && exec.exitCode === 0)
  const problem =
    (exitMatters ? exitProblem(exec.exitCode, outcome, limits) : null) ??
    (exec.stdout === undefined ? null : compareStream('stdout', exec.stdout, outcome.stdout)) ??
    (exec.stderr === undefined ? null : compareStream('stderr', exec.stderr, outcome.stderr))
  return problem === null ? null : withCommand(exec, problem)
}

function exitProblem(expected: number, outcome: Exited, limits: ContainerLimits): string | null {
  if (outcome.code === expected) return null
  const lines = [`Expected exit code ${expected}, found ${outcome.code}${meaningOf(outcome.code)}.`]
  if (outcome.oom) {
    lines.push(`A process was killed because the memory limit of ${limits.memoryMb} MiB was reached.`)
  }
  if (outcome.stderr.length > 0) lines.push(`It wrote to stderr:\n${excerpt(outcome.stderr)}`)
  else if (outcome.stdout.length > 0) lines.push(`It wrote to stdout:\n${excerpt(outcome.stdout)}`)
  return lines.join('\n')
}

const signals: Record<number, string> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
}
function meaningOf(code: number): string {
  if (code === 126) return ' (found, but it could not be executed)'
  if (code === 127) return ' (command not found)'
  const signal = signals[code - 128]
  return signal ? ` (ended by ${signal})` : ''
}

/** Why a command has no exit code. `seconds` is the time it had. */
function endedMessage(outcome: NotExited, limits: ContainerLimits, seconds: number): string {
  switch (outcome.kind) {
    case 'timeout':
      return `It was still running after ${plainSeconds(seconds)} and was stopped.${soFar(outcome)}`
    case 'flood':
      return `It wrote more output than is allowed and was stopped. The output begins with:\n${excerpt(outcome.stdout.length > 0 ? outcome.stdout : outcome.stderr)}`
    case 'died':
      return outcome.oom
        ? `The memory limit of ${limits.memoryMb} MiB was reached and the container ended.${soFar(outcome)}`
        : `The container ended while the command ran: something in it killed every process.${soFar(outcome)}`
    case 'cannot-start':
      return `The command could not be started: ${clip(visibleInLine(outcome.message), 300)}.\nIs the program there and executable? Or are the lab's limits (${limits.pids} processes, ${limits.memoryMb} MiB) used up by what an earlier check left running?`
  }
}

function soFar({ stdout, stderr }: { stdout: Uint8Array; stderr: Uint8Array }): string {
  const parts = []
  if (stdout.length > 0) parts.push(`\nstdout so far:\n${excerpt(stdout)}`)
  if (stderr.length > 0) parts.push(`\nstderr so far:\n${excerpt(stderr)}`)
  return parts.join('')
}

/** `1.5 s` */
const plainSeconds = (seconds: number) => `${Math.round(seconds * 10) / 10} s`

export const budgetMessage = (seconds: number) =>
  `The whole grading may take ${plainSeconds(seconds)}, and that time was used up.`

export const outputBudgetMessage =
  'The checks before this one wrote all the output that a submission may write.'

/** For a script that has no verdict because of what the submission did. */
export function scriptEndedMessage(outcome: NotExited, limits: ContainerLimits, seconds: number): string {
  switch (outcome.kind) {
    case 'timeout':
      return `The check of your files was still running after ${plainSeconds(seconds)} and was stopped.`
    case 'flood':
      return 'The check of your files wrote more output than is allowed and was stopped.'
    case 'died':
    case 'cannot-start':
      return `The check of your files reached a limit (${limits.memoryMb} MiB of memory, ${limits.pids} processes) and was stopped.`
  }
}

const lostReasons = {
  timeout: 'it took too long',
  died: 'the container had ended',
  exhausted: 'the limits of the lab were used up',
} as const
export const lostMessage = (reason: keyof typeof lostReasons) =>
  `Your files could not be copied out of the container after the commands had run: ${lostReasons[reason]}.`

const dropReasons = {
  link: 'a link',
  special: 'not a regular file',
  sparse: 'a file with holes',
  name: 'an unusable name',
  duplicate: 'twice the same name',
  'too-big': 'too big',
  'too-many': 'too many files',
} as const
const droppedShown = 5

/** Null when nothing was left out of the copy. */
export function droppedMessage(dropped: readonly DroppedEntry[]): string | null {
  if (dropped.length === 0) return null
  const shown = dropped
    .slice(0, droppedShown)
    .map((entry) => `  ${clip(visibleInLine(entry.path), 80)} (${dropReasons[entry.why]})`)
  const more = dropped.length - shown.length
  if (more > 0) shown.push(`  and ${more} more`)
  return `Not looked at, because only regular files are:\n${shown.join('\n')}`
}

/** Where to look: the command as a learner can type it. */
function withCommand(exec: ExecSpec, problem: string): string {
  const command = exec.run.map(shellWord).join(' ')
  const input = exec.stdin
    ? `\nIts input begins with: "${clip(visibleInLine(exec.stdin.slice(0, 400)), 200)}"`
    : ''
  return clip(`${problem}\nThe command was: ${clip(command, 400)}${input}`)
}
const shellWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${visibleInLine(word).replaceAll("'", "'\\''")}'`

/** What a script wrote for people: harmless, trimmed, at most 4 KiB; null when it is empty. */
export function scriptText(text: string): string | null {
  const cleaned = visible(text.replaceAll('\r\n', '\n')).trimEnd()
  return cleaned === '' ? null : clip(cleaned)
}

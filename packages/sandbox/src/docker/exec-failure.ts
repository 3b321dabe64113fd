/** Tells the learner's mistakes from the container's limits and from the host's when a command could not be started. */

export interface StartFailure {
  readonly message: string
  /**
   * `program`: it is not there or is none, always the command's own fault. `container`: the runtime could not start it
   * in there, as when its limits are used up. `engine`: it did not come that far.
   */
  readonly cause: 'program' | 'container' | 'engine'
}

/**
 * What did not start has a message of the engine as its stdout. A file that is no program is found out last, by the
 * runtime's helper in the container: exit code 1 with a line on stderr. (A command that prints and exits the same is
 * taken for it: a failure either way.)
 */
export function startFailure(
  end: { readonly code: number; readonly started: boolean },
  output: { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
  argv0: string,
): StartFailure | undefined {
  if (end.started) {
    const helper = `exec ${argv0}: exec format error\n`
    if (end.code !== 1 || output.stdout.length > 0 || textOf(output.stderr) !== helper) return undefined
    return { message: `${argv0}: not a program`, cause: 'program' }
  }
  const text = textOf(output.stdout).trim()
  if (!text.startsWith('OCI runtime exec failed:')) return { message: text, cause: 'engine' }
  const found = PROGRAM.find(([pattern]) => pattern.test(text))
  if (found) return { message: `${argv0}: ${found[1]}`, cause: 'program' }
  return { message: `${argv0} could not be started`, cause: 'container' }
}

/** As much as any of the messages is long. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 2000)).toString('utf8')
}

const PROGRAM: readonly (readonly [RegExp, string])[] = [
  [/chdir to cwd/i, 'its working directory is not there'],
  [/no such file or directory|executable file not found/i, 'not found'],
  [/permission denied/i, 'not executable'],
  [/is a directory/i, 'is a folder'],
  [/exec format error/i, 'not a program'],
  [/not a directory|too many levels of symbolic links|file name too long/i, 'not found'],
]

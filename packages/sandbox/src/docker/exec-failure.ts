/** Tells the learner's mistakes from the host's when the engine could not start a command. */

export interface StartFailure {
  readonly message: string
  /** The program is not there or is none: always the command's own fault, never the host's. */
  readonly program: boolean
}

/**
 * The engine reports a failed start as exit code 126 or 127 with its message as the command's stdout; the runtime
 * reports a file that is no program as exit code 1 with a line on stderr. (A command that prints the same and exits
 * the same is taken for it: a failure either way.)
 */
export function startFailure(
  code: number,
  output: { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
  argv0: string,
): StartFailure | undefined {
  if (
    code === 1 &&
    output.stdout.length === 0 &&
    textOf(output.stderr) === `exec ${argv0}: exec format error\n`
  ) {
    return { message: `${argv0}: not a program`, program: true }
  }
  if (code !== 126 && code !== 127) return undefined
  const text = textOf(output.stdout)
  if (!text.startsWith('OCI runtime exec failed:')) return undefined
  const found = PROGRAM.find(([pattern]) => pattern.test(text))
  if (found) return { message: `${argv0}: ${found[1]}`, program: true }
  return { message: `${argv0} could not be started`, program: false }
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

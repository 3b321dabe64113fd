/** How a check's script is run in the grader, and how its exit code and points come back. Pure. */
import { textOf } from './visible.js'

/**
 * Runs `"$@"` with fd 3 open on a file, then writes the file's beginning behind a marker at the end of stderr.
 *
 * The marker is random for each run and an argument of this wrapper alone, so text that a script copies from the
 * submission to its output, its stderr or even fd 3 cannot pass for the trailer: the last marker is the wrapper's.
 */
const WRAPPER = `
points_file="/tmp/points.$1"; marker=$1; shift
"$@" 3>"$points_file"
code=$?
IFS= read -r -d '' -n 4096 points <"$points_file"
printf '\\n%s\\n%s' "$marker" "$points" >&2
exit "$code"
`
// bash -c TEXT NAME ARG…: the name is what the wrapper's own errors begin with.
const WRAPPER_NAME = 'check'

/** `path` is absolute in the grader; `content` decides by its first line who interprets it. */
export function scriptArgv(path: string, content: Uint8Array, marker: string): string[] {
  return ['bash', '-c', WRAPPER, WRAPPER_NAME, marker, ...interpreterOf(content), path]
}

/** As the kernel reads a shebang: the interpreter, then everything after it as one argument. */
export function interpreterOf(content: Uint8Array): string[] {
  const line = textOf(content.subarray(0, 256)).split('\n', 1)[0] ?? ''
  const parts = /^#!\s*(\S+)(?:\s+(.*\S))?\s*$/.exec(line)
  if (!parts?.[1]) return ['bash']
  return parts[2] ? [parts[1], parts[2]] : [parts[1]]
}

export interface ScriptStreams {
  /** stderr of the script, without the trailer. */
  stderr: string
  /** The last `points=N` of fd 3, or null. */
  points: number | null
}

/** Separates the trailer from the script's own stderr. */
export function readTrailer(stderr: Uint8Array, marker: string): ScriptStreams {
  const text = textOf(stderr)
  const separator = `\n${marker}\n`
  const at = text.lastIndexOf(separator)
  if (at === -1) return { stderr: text, points: null }
  const last = [...text.slice(at + separator.length).matchAll(/^points=(\d{1,6}(?:\.\d{1,6})?)\s*$/gm)].at(-1)
  return { stderr: text.slice(0, at), points: last ? Number(last[1]) : null }
}

/** Brings a learner's workspace out: what is left running is killed first, then one bounded tar. */
import {
  EngineFault,
  type CollectBounds,
  type CollectOutcome,
  type Command,
  type DroppedEntry,
} from '../port.js'
import { forDisplay, MAX_DROPPED, MAX_NAME, readTar } from '../tar.js'
import { startFailure } from './exec-failure.js'
import type { ExecResult } from './exec.js'

/**
 * In the container, as the learner, with the image's own programs on its read-only root. `kill -9 -1` is the
 * shell's own and spares only itself and PID 1. On Linux nothing can be forked past it; on gVisor now and then
 * something is, so that it is repeated while anything is left. From then on nothing of the learner's runs.
 * $0 is the largest file in bytes, $1 the most entries, $2 the longest path in bytes: what lies deeper is not
 * gone through, so that all paths together are no more than `sort` can hold. stderr takes the names of what is
 * too big or too long.
 * Sorted, so that a bound cuts the same files each time: first the files that were put in and not changed, whose
 * time is 1970's beginning, so that a program that leaves thousands behind does not push them out.
 */
const SCRIPT = `
for round in {1..50}; do
  kill -9 -1 2>/dev/null
  left=(/proc/[0-9]*)
  (( \${#left[@]} > 2 )) || break
done
chmod u+rwx /workspace 2>/dev/null
cd /workspace || exit 2
printf -v long '%*s' "$2" ''
long="\${long// /?}?*"
find . -xdev '(' -path "$long" -prune -printf 'n%.200p\\0' ')' -o -type f -size +"$0"c -printf 'b%.200p\\0' 2>/dev/null |
  head -z -n ${MAX_DROPPED} >&2
find . -xdev -path "$long" -prune -o ! -type d ! '(' -type f -size +"$0"c ')' \
  '(' ! -newermt @1 -printf '0%p\\0' -o -printf '1%p\\0' ')' 2>/dev/null |
  sort -z | cut -z -b 2- | head -z -n "$1" |
  tar -c --format=gnu --hard-dereference --no-recursion --null --ignore-failed-read -T - -f - 2>/dev/null`

/** Header, padding and a long name of one entry. */
const ENTRY_BYTES = 3 * 1024
/** Entries that are sent only to be named as dropped: links and the like. */
const SPARE_ENTRIES = 500
const DROPPED_NAMES = MAX_DROPPED * 202

export async function collect(
  bounds: CollectBounds,
  container: { exec(command: Command): Promise<ExecResult>; killAll(): Promise<void> },
): Promise<CollectOutcome> {
  const entries = bounds.maxFiles + SPARE_ENTRIES
  const command: Command = {
    argv: ['bash', '-c', SCRIPT, String(bounds.maxFileBytes), String(entries), String(MAX_NAME)],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    cwd: '/',
    timeoutMs: bounds.timeoutMs ?? 10_000,
    maxBytes: bounds.maxTotalBytes + entries * ENTRY_BYTES + DROPPED_NAMES,
  }
  for (let attempt = 0; ; attempt++) {
    const { end, output } = await container.exec(command)
    if (end.kind === 'timeout') return { kind: 'lost', reason: 'timeout' }
    if (end.kind === 'gone') return { kind: 'lost', reason: 'died' }
    if (end.kind === 'ended') {
      const failure = startFailure(end, output, 'bash')
      if (failure?.cause === 'engine')
        throw new EngineFault(`the workspace could not be read: ${failure.message}`)
      // The process limit is used up, so that not even this could start; or an earlier attempt's kill hit it.
      if ((failure || end.code === 137) && attempt < 3) {
        await container.killAll()
        continue
      }
      // tar ends with 1 for a file that changed under it.
      if (failure || end.code > 1) return { kind: 'lost', reason: 'exhausted' }
    }
    // A flood is cut: what came before the cut counts.
    const contents = readTar(Buffer.from(output.stdout), bounds)
    if (!contents.complete && end.kind !== 'flood') return { kind: 'lost', reason: 'exhausted' }
    const dropped: DroppedEntry[] = [...leftOut(output.stderr), ...contents.dropped]
    if (end.kind === 'flood') dropped.push({ path: '', why: 'too-many' })
    return {
      kind: 'collected',
      files: contents.files,
      modes: contents.modes,
      dropped: dropped.slice(0, MAX_DROPPED),
    }
  }
}

function leftOut(names: Uint8Array): DroppedEntry[] {
  const parts = Buffer.from(names).toString('utf8').split('\0')
  return parts
    .filter((part) => /^[nb]\.\//.test(part))
    .map((part) => ({ path: forDisplay(part.slice(1)), why: part.startsWith('n') ? 'name' : 'too-big' }))
}

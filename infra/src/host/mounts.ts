import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Where something is mounted at or under the folder, the innermost first. */
function mountsUnder(folder: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((place) =>
      place.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCodePoint(Number.parseInt(octal, 8)),
      ),
    )
    .filter((place) => place === folder || place.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)
}

export function unmountAll(folder: string): void {
  for (const place of mountsUnder(folder)) spawnSync('umount', ['-l', place])
}

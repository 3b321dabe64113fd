import type { SelfTestRow } from '@cooperage/contracts'

/** One line for each attack, for whoever reads the run: past jest, which would give each its own place in the source. */
export function tell({ verdict, id, tried, happened }: SelfTestRow, circumstances = ''): void {
  const what = `${tried} (${id})${circumstances && `, ${circumstances}`}`
  process.stdout.write(`${verdict.padEnd(7)}  ${what}: ${happened.replaceAll('\n', ' ')}\n`)
}

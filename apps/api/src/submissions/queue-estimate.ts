/** When a waiting grading is about to start, by what the last ones took. Pure. */

/** What the last gradings say of the pace, in milliseconds on average; null: none does. */
export interface Pace {
  /** How long one ran. */
  runMs: number | null
  /** From one's end to the next one's, when the next one had to wait: all that comes between two is in it. */
  gapMs: number | null
}

/** How often one of the gradings that wait gets its turn (ms); `slots`: how many the living workers run at once. Null: not known. */
export function turnMs({ runMs, gapMs }: Pace, slots: number): number | null {
  return slots <= 0 || runMs === null ? null : Math.max(runMs / slots, gapMs ?? 0)
}

/** Seconds, rounded up to what is worth to be said: 5, 10, … 60, 90, … 300, then whole minutes. */
export function startsInSeconds(place: number, everyMs: number): number {
  const seconds = (place * everyMs) / 1000
  const step = seconds <= 60 ? 5 : seconds <= 300 ? 30 : 60
  return Math.max(1, Math.ceil(seconds / step)) * step
}

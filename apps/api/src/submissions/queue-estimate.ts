/** When a waiting grading is about to start, by what the last ones took. Pure. */

export interface Pace {
  /** Gradings that the living workers run at once. */
  slots: number
  /** How long one of the last gradings held its slot, on average, in milliseconds; null: none has ended yet. */
  runMs: number | null
}

/** Seconds, rounded up to what is worth to be said: 5, 10, … 60, 90, … 300, then whole minutes. Null when nobody can tell. */
export function startsInSeconds(place: number, { slots, runMs }: Pace): number | null {
  if (slots <= 0 || runMs === null) return null
  // Every slot is taken by one that came before: a slot comes free `slots` times in the time of one grading.
  const seconds = (place * runMs) / slots / 1000
  const step = seconds <= 60 ? 5 : seconds <= 300 ? 30 : 60
  return Math.max(1, Math.ceil(seconds / step)) * step
}

/** Milliseconds in words: "420 ms", "1.8 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** Whole seconds that are a guess: "20 s", "2 min 30 s", "12 min". */
export function roughly(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  return [minutes > 0 && `${minutes} min`, (rest > 0 || minutes === 0) && `${rest} s`]
    .filter(Boolean)
    .join(' ')
}

const suffixes = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
])
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
/** "1st", "22nd", "113th". */
export const ordinal = (place: number): string => `${place}${suffixes.get(ordinals.select(place)) ?? 'th'}`

/** Points without needless decimals. */
export const points = (value: number): string => String(Math.round(value * 100) / 100)

const maxFaults = 20
/** In one list or object, and in all of a body. More than any honest request has, and little enough to be validated at once. */
const maxElements = 10_000
const maxValues = 50_000

/**
 * Texts that no column of text can hold: with NUL (unless allowed), or not well-formed Unicode. Each with its dotted path.
 * Walks what JSON.parse made, so that there are no cycles.
 */
export function textFaults(value: unknown, nulAllowed: boolean): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = []
  const visit = (at: unknown, path: string): void => {
    if (faults.length >= maxFaults) return
    if (typeof at === 'string') {
      if (/\p{Surrogate}/u.test(at)) faults.push({ path, message: 'not well-formed Unicode' })
      else if (!nulAllowed && at.includes('\u0000')) faults.push({ path, message: 'holds a NUL character' })
    } else if (typeof at === 'object' && at !== null) {
      for (const [key, child] of Object.entries(at)) visit(child, path === '' ? key : `${path}.${key}`)
    }
  }
  visit(value, '')
  return faults
}

/**
 * What is wrong with a value whatever its schema says: so many parts that naming the fault of each would take minutes and gigabytes,
 * or names that Nest's validation takes away silently (unknown fields like others, and refused like them). Without recursion, since
 * the value is not validated yet and may be nested as deep as its sender liked.
 */
export function shapeFaults(value: unknown): { path: string; message: string }[] {
  const waiting: unknown[] = [value]
  let values = 1
  while (waiting.length > 0) {
    const at = waiting.pop()
    if (typeof at !== 'object' || at === null) continue
    const count = Array.isArray(at) ? at.length : Object.keys(at).length
    values += count
    if (count > maxElements)
      return [{ path: '', message: `a list or object of more than ${maxElements} parts` }]
    if (values > maxValues) return [{ path: '', message: `more than ${maxValues} values in all` }]
    const name = ['__proto__', 'constructor', 'prototype'].find((candidate) => Object.hasOwn(at, candidate))
    if (name !== undefined) return [{ path: name, message: 'not a field' }]
    for (const child of Object.values(at)) waiting.push(child)
  }
  return []
}

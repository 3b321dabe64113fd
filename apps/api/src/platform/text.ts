const maxFaults = 20

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

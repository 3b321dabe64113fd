import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** The secret of a grading: derived, so that a grading that is dispatched again carries the same one. */
export const gradingSecret = (key: string, grading: string): string =>
  createHmac('sha256', key).update(`grading:${grading}`).digest('hex')

/** What Postgres keeps of a grading's secret: sha256 in hex. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compares in constant time. False for a hash that is not 64 hex characters. */
export function secretMatches(secret: string, hash: string): boolean {
  const given = createHash('sha256').update(secret).digest()
  const stored = Buffer.from(hash, 'hex')
  return stored.length === given.length && timingSafeEqual(given, stored)
}

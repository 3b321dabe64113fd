import { randomInt } from 'node:crypto'

/** No letters and digits that look alike on a blackboard. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const length = 8

/** 8 characters, 31^8 of them: told aloud in class, and not to be guessed. */
export const newJoinCode = (): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** However people type it: small letters, spaces and hyphens are forgiven. */
export const normalJoinCode = (typed: string): string => typed.toUpperCase().replace(/[\s-]/g, '')

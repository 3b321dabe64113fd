import { v7, validate } from 'uuid'

/** Key of a new row: UUIDv7, so that newer rows sort after older ones and pages can be cut by the key. */
export const newId = (): string => v7()
export const isId = (value: string): boolean => validate(value)

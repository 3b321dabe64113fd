import { Problem } from './problem.js'

/** What a list route gets from its query. */
export interface Page {
  limit: number
  cursor?: string | undefined
}

/**
 * Keyset pagination. A cursor is the key of the last row of the page before, in base64url: opaque to callers, and never an
 * offset. Where a list is not in the order of its keys, its query finds the sort value of that row itself.
 */
const encodeCursor = (key: string): string => Buffer.from(key).toString('base64url')

/** The key behind a cursor, or null for the first page. Throws `validation_failed` when `valid` refuses it. */
export function decodeCursor(cursor: string | undefined, valid: (key: string) => boolean): string | null {
  if (cursor === undefined) return null
  const key = Buffer.from(cursor, 'base64url').toString()
  if (valid(key)) return key
  throw new Problem('validation_failed', {
    detail: 'The cursor is not one of this list.',
    errors: [{ path: 'cursor', message: 'not a cursor of this list' }],
  })
}

/** Ask for `limit + 1` rows, then cut the page here: one row too many says that there is another page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  item: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  }
}

import type { Lab } from '@cooperage/contracts'
import { useMemo, useSyncExternalStore } from 'react'
import { DraftStore, type Draft } from './draft-store.js'

/** The caller's draft of a lab in this browser, and the store to change it. */
export function useDraft(cohort: string, user: string, lab: Lab): { draft: Draft; store: DraftStore } {
  const { id, revision, starter } = lab
  const store = useMemo(
    () =>
      new DraftStore({
        key: `cooperage:draft:${user}:${cohort}:${id}`,
        revision,
        starter: starter
          .filter((file) => file.editable)
          .map(({ path, content, encoding }) => ({ path, content, encoding })),
        storage: browserStorage(),
      }),
    // The starter is a part of the revision; a refetch of the same one must not begin the draft anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [cohort, user, id, revision],
  )
  return { draft: useSyncExternalStore(store.subscribe, store.snapshot), store }
}

/** Browsers that forbid storage throw when it is touched at all; then the draft lives as long as the page, and says so. */
function browserStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  try {
    return window.localStorage
  } catch {
    const refuse = () => {
      throw new Error('storage is not allowed')
    }
    return { getItem: () => null, setItem: refuse, removeItem: refuse }
  }
}

const key = 'cooperage:reloaded-at'
const onceInMs = 30_000
const missing = new WeakSet<object>()

/** Was it thrown because a file of this page did not load? */
export const isMissingFile = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && missing.has(error)

/** A page that was opened before an upgrade asks for files that are gone; it is loaded anew. Drafts are in the browser's storage. */
export function reloadAfterUpgrade(): void {
  addEventListener('vite:preloadError', (event) => {
    missing.add(event.payload)
    const last = Number(sessionStorage.getItem(key))
    // Not again and again, should the new page's files be missing too.
    if (Date.now() - last < onceInMs) return
    void reloadIfServed(() => sessionStorage.setItem(key, String(Date.now())))
  })
}

/** Files are missing without a connection too; then a reload would leave the reader with the browser's own error page. */
export async function reloadIfServed(before?: () => void): Promise<void> {
  const served = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
  if (!served?.ok) return
  before?.()
  location.reload()
}

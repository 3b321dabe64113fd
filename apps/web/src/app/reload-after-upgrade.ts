const key = 'cooperage:reloaded-at'
const onceInMs = 30_000

/** A page that was opened before an upgrade asks for files that are gone; it is loaded anew. Drafts are in the browser's storage. */
export function reloadAfterUpgrade(): void {
  addEventListener('vite:preloadError', () => {
    const last = Number(sessionStorage.getItem(key))
    // Not again and again, should the new page's files be missing too.
    if (Date.now() - last < onceInMs) return
    sessionStorage.setItem(key, String(Date.now()))
    location.reload()
  })
}

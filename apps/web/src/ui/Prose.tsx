import { useRouter } from '@tanstack/react-router'
import { useCallback, useMemo, type ReactNode } from 'react'
import { forReading } from './for-reading.js'
import classes from './Prose.module.css'

const button = `<button type="button" class="${classes.copy}" data-copy aria-live="polite">Copy</button>`
const codeStart = `<div class="${classes.code}">${button}`

async function copy(event: Event) {
  const target = event.target instanceof Element ? event.target.closest('button[data-copy]') : null
  const code = target?.parentElement?.querySelector('pre')?.innerText
  if (!target || code === undefined) return
  try {
    await navigator.clipboard.writeText(code.replace(/\n$/, ''))
    target.textContent = 'Copied'
  } catch {
    target.textContent = 'Not allowed'
  }
  setTimeout(() => (target.textContent = 'Copy'), 2000)
}

/** A plain click on a link to another page of this site: the router goes there without loading the site anew. */
function innerLink(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (!(link instanceof HTMLAnchorElement) || link.target || link.origin !== location.origin) return null
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  if (link.pathname.startsWith('/api/') || link.pathname === location.pathname) return null
  return link.pathname + link.search + link.hash
}

/** Running text: either HTML that the API made and sanitised, or children. */
export function Prose({ html, children }: { html?: string; children?: ReactNode }) {
  const { history } = useRouter()
  // React knows nothing of what is inside the HTML, so its clicks are listened for here.
  const listen = useCallback(
    (element: HTMLDivElement) => {
      const onClick = (event: MouseEvent) => {
        const path = innerLink(event)
        if (path === null) return void copy(event)
        event.preventDefault()
        history.push(path)
      }
      element.addEventListener('click', onClick)
      return () => element.removeEventListener('click', onClick)
    },
    [history],
  )
  const marked = useMemo(
    () => (html === undefined ? undefined : forReading(html, codeStart, '</div>')),
    [html],
  )
  return marked === undefined ? (
    <div className={classes.prose}>{children}</div>
  ) : (
    <div className={classes.prose} ref={listen} dangerouslySetInnerHTML={{ __html: marked }} />
  )
}

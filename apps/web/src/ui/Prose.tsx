import { useMemo, type ReactNode } from 'react'
import classes from './Prose.module.css'

const button = `<button type="button" class="${classes.copy}" data-copy aria-live="polite">Copy</button>`

/** In highlighted HTML every `<` of the code is escaped, so `<pre` is only ever a code block's own tag. */
const withCopyButtons = (html: string) =>
  html
    .replace(
      /<pre\b((?:(?! tabindex=)[^>])*)( tabindex="[^"]*")?/g,
      `<div class="${classes.code}">${button}<pre$1 tabindex="0"`,
    )
    .replace(/<\/pre>/g, '</pre></div>')

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

/** Listens for the copy buttons inside, which React does not know of since they are part of the HTML. */
const listen = (element: HTMLDivElement | null) => {
  const onClick = (event: Event) => void copy(event)
  element?.addEventListener('click', onClick)
  return () => element?.removeEventListener('click', onClick)
}

/** Running text: either HTML that the API made and sanitised, or children. */
export function Prose({ html, children }: { html?: string; children?: ReactNode }) {
  const marked = useMemo(() => (html === undefined ? undefined : withCopyButtons(html)), [html])
  return marked === undefined ? (
    <div className={classes.prose}>{children}</div>
  ) : (
    <div className={classes.prose} ref={listen} dangerouslySetInnerHTML={{ __html: marked }} />
  )
}

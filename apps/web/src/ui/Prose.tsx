import { useMemo, type MouseEvent, type ReactNode } from 'react'
import classes from './Prose.module.css'

/** In highlighted HTML every `<` of the code is escaped, so `<pre` is only ever a code block's own tag. */
const withCopyButtons = (html: string) =>
  html
    .replace(
      /<pre\b/g,
      `<div class="${classes.code}"><button type="button" class="${classes.copy}" data-copy>Copy</button><pre tabindex="0"`,
    )
    .replace(/<pre tabindex="0"([^>]*) tabindex="0"/g, '<pre tabindex="0"$1')
    .replace(/<\/pre>/g, '</pre></div>')

async function copy(event: MouseEvent<HTMLDivElement>) {
  const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy]')
  const code = button?.parentElement?.querySelector('pre')?.innerText
  if (!button || code === undefined) return
  try {
    await navigator.clipboard.writeText(code.replace(/\n$/, ''))
    button.textContent = 'Copied'
  } catch {
    button.textContent = 'Not allowed'
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000)
}

/** Running text: either HTML that the API made and sanitised, or children. */
export function Prose({ html, children }: { html?: string; children?: ReactNode }) {
  const marked = useMemo(() => (html === undefined ? undefined : withCopyButtons(html)), [html])
  return marked === undefined ? (
    <div className={classes.prose}>{children}</div>
  ) : (
    // Clicks only reach it by the copy buttons inside, which the keyboard reaches too.
    <div className={classes.prose} onClick={copy} dangerouslySetInnerHTML={{ __html: marked }} />
  )
}

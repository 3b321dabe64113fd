import type { Lesson } from '@cooperage/contracts'
import { useEffect, useState } from 'react'
import classes from './LessonPage.module.css'

/** The headings of a lesson, beside it on wide screens; marks the one that is being read. */
export function Outline({ headings }: { headings: Lesson['headings'] }) {
  const shown = headings.filter((heading) => heading.depth === 2 || heading.depth === 3)
  const current = useCurrent(shown)
  if (shown.length < 2) return null
  return (
    <nav className={classes.outline} aria-label="On this page">
      <p className={classes.outlineTitle}>On this page</p>
      <ul>
        {shown.map((heading) => (
          <li key={heading.id}>
            <a
              href={`#${heading.id}`}
              aria-current={heading.id === current ? 'location' : undefined}
              style={{ paddingLeft: heading.depth === 3 ? '1.6rem' : undefined }}
            >
              {heading.text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function useCurrent(headings: Lesson['headings']): string | undefined {
  const [current, setCurrent] = useState<string>()
  const ids = headings.map((heading) => heading.id).join(' ')
  // Where the reader is, only the browser knows: an observer of the headings in the page reports it.
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entered = entries.find((entry) => entry.isIntersecting)
        if (entered) setCurrent(entered.target.id)
      },
      { rootMargin: '-80px 0px -70% 0px' },
    )
    for (const id of ids.split(' ')) {
      const heading = id && document.getElementById(id)
      if (heading) observer.observe(heading)
    }
    return () => observer.disconnect()
  }, [ids])
  return current
}

import type { ReactNode } from 'react'
import classes from './Notice.module.css'
import type { Tone } from './StatusBadge.js'

/** A message in a box. `urgent` is read out at once; else put it where a live region is, if it must be heard. */
export function Notice({
  tone,
  title,
  urgent = false,
  children,
}: {
  tone: Tone
  title?: string
  urgent?: boolean
  children?: ReactNode
}) {
  return (
    <div className={classes.notice} data-tone={tone} role={urgent ? 'alert' : undefined}>
      {title && <p className={classes.title}>{title}</p>}
      {children}
    </div>
  )
}

import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Card.module.css'

/** A bounded part of a page with its own heading. */
export function Card({
  title,
  actions,
  children,
}: {
  title?: string
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={classes.card}>
      {title && (
        <div className={classes.head}>
          <Title order={2} size="h4">
            {title}
          </Title>
          {actions}
        </div>
      )}
      {children}
    </section>
  )
}

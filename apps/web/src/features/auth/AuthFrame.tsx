import { Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './AuthFrame.module.css'

/** The frame of the pages before the sign-in. */
export function AuthFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useDocumentTitle(`${title} · Cooperage`)
  return (
    <main id="main" tabIndex={-1} className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <span>Cooperage</span>
        </div>
        <Title order={1} size="h3">
          {title}
        </Title>
        <p className={classes.lead}>{lead}</p>
        {children}
      </div>
    </main>
  )
}

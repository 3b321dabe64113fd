import type { ReactNode } from 'react'
import classes from './StatusBadge.module.css'

export type Tone = 'good' | 'bad' | 'busy' | 'warn' | 'quiet'

/** The same meaning three times: a colour, a symbol for those who cannot tell colours apart, and words. */
const symbols: Record<Tone, string> = { good: '✓', bad: '✕', busy: '◐', warn: '!', quiet: '–' }

export function StatusBadge({
  tone,
  symbol = symbols[tone],
  children,
}: {
  tone: Tone
  /** Null where the words say it all and the tone means nothing by itself. */
  symbol?: string | null
  children: ReactNode
}) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {symbol !== null && <span aria-hidden="true">{symbol}</span>}
      <span>{children}</span>
    </span>
  )
}

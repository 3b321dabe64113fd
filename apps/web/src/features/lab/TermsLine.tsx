import { RelativeTime, useNow } from '../../ui/index.js'
import classes from './lab.module.css'
import type { Terms } from './terms.js'

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Dates, late policy and attempts left, as far as they are set. */
export function TermsLine({ terms }: { terms: Terms }) {
  const { dates, attemptsLeft, late } = terms
  const now = useNow()
  const parts = [
    dates.opensAt && dates.opensAt.getTime() > now && <When key="opens" word="Opens" at={dates.opensAt} />,
    dates.dueAt && <When key="due" word="Due" at={dates.dueAt} />,
    late && dates.dueAt && <span key="late">{latePolicy(terms)}</span>,
    dates.closesAt && (
      <When key="closes" word={dates.closesAt.getTime() > now ? 'Closes' : 'Closed'} at={dates.closesAt} />
    ),
    attemptsLeft !== null && dates.maxAttempts !== null && (
      <span key="attempts">
        {attemptsLeft} of {dates.maxAttempts} {dates.maxAttempts === 1 ? 'attempt' : 'attempts'} left
      </span>
    ),
  ].filter(Boolean)
  if (parts.length === 0) return null
  return <div className={classes.terms}>{parts}</div>
}

function When({ word, at }: { word: string; at: Date }) {
  return (
    <span>
      {word} {date.format(at)} (<RelativeTime at={at.toISOString()} />)
    </span>
  )
}

function latePolicy({ dates: { late } }: Terms): string {
  switch (late.kind) {
    case 'accept':
      return 'Past the due date: attempts count, and are marked late'
    case 'refuse':
      return 'Past the due date: attempts are refused'
    case 'penalty':
      return `Past the due date: ${late.percentPerDay} % less for each day begun`
  }
}

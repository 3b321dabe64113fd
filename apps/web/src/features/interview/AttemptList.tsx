import type { Attempt } from '@cooperage/contracts'
import { Button } from '@mantine/core'
import { ErrorState, PageSkeleton, RelativeTime, StatusBadge } from '../../ui/index.js'
import classes from './interview.module.css'
import { standing } from './wording.js'

interface Attempts {
  data: { pages: { items: Attempt[] }[] } | undefined
  error: unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
  refetch: () => unknown
}

/** Attempts to open, newest first. */
export function AttemptList({
  query,
  opened,
  onOpen,
  none,
  label,
  named = false,
}: {
  query: Attempts
  opened: string | undefined
  onOpen: (attempt: string) => void
  /** What it says when there are none. */
  none: string
  /** Accessible name of the list. */
  label: string
  /** With the learners' names. */
  named?: boolean
}) {
  if (!query.data)
    return query.error ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton heading={false} rows={2} />
    )
  const attempts = query.data.pages.flatMap((page) => page.items)
  if (attempts.length === 0) return <p className={classes.dim}>{none}</p>
  return (
    <>
      <ul className={classes.list} aria-label={label}>
        {attempts.map((attempt) => {
          const { tone, text } = standing(attempt)
          return (
            <li key={attempt.id}>
              <button
                type="button"
                className={classes.attempt}
                aria-current={attempt.id === opened || undefined}
                onClick={() => onOpen(attempt.id)}
              >
                {named && <span className={classes.name}>{attempt.learner.name}</span>}
                <span className={classes.excerpt}>{attempt.answer}</span>
                <StatusBadge tone={tone}>{text}</StatusBadge>
                <span className={classes.dim}>
                  <RelativeTime at={attempt.at} />
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          mt="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older attempts
        </Button>
      )}
    </>
  )
}

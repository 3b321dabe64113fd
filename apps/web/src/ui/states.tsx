/** What a page shows when it has nothing to show yet, nothing at all, or could not get it. */
import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { asProblem } from '../api/index.js'
import { Notice } from './Notice.js'
import classes from './states.module.css'

/** A failed read: the problem's own words, and a way to try again. */
export function ErrorState({
  error,
  title,
  onRetry,
}: {
  error: unknown
  title?: string
  onRetry?: () => void
}) {
  const problem = asProblem(error)
  const heading = title ?? problem?.title ?? 'Something went wrong'
  const detail = problem?.detail ?? 'This page has a fault. Reloading it may help.'
  // What is refused or not there stays so; asking again is for all else.
  const final = problem?.status === 403 || problem?.status === 404
  return (
    <Notice tone="bad" title={heading} urgent>
      {detail !== heading && <Text size="sm">{detail}</Text>}
      {problem?.requestId && (
        <Text size="xs" c="dimmed" mt={4}>
          Request {problem.requestId}
        </Text>
      )}
      {onRetry && !final && (
        <Group mt="sm">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={onRetry}
          >
            Try again
          </Button>
        </Group>
      )}
    </Notice>
  )
}

/** Nothing here yet: say what would be, and offer the next step. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" component="div" maw="34rem">
          {children}
        </Text>
      )}
      {action}
    </div>
  )
}

/** Holds the place of a page or a part of it. `rows` lines of `height` pixels. */
export function PageSkeleton({
  rows = 6,
  heading = true,
  height = 20,
  label = 'Loading',
}: {
  rows?: number
  heading?: boolean
  height?: number
  label?: string
}) {
  return (
    <Stack component="output" gap="sm" aria-label={label}>
      {heading && <Skeleton height={34} width="min(22rem, 80%)" mb="md" />}
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} width={row % 3 === 2 ? '70%' : '100%'} />
      ))}
    </Stack>
  )
}

interface QueryLike<Data> {
  data: Data | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

/** Shows a query: its skeleton, its error with a retry, or its data. Old data stays while a refresh fails. */
export function Loaded<Data>({
  query,
  skeleton,
  page = false,
  children,
}: {
  query: QueryLike<Data>
  skeleton?: ReactNode
  /** It is what the page is about: when it cannot be found, neither can the page. */
  page?: boolean
  children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (page && asProblem(query.error)?.status === 404) throw query.error
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <>{skeleton ?? <PageSkeleton />}</>
}

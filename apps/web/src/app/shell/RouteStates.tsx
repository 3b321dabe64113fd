/** What the router shows around pages: while one loads, when it fails, when there is none. */
import { Container } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { ApiProblem } from '../../api/index.js'
import { ErrorState, LinkButton, PageHeading, PageSkeleton } from '../../ui/index.js'
import { isMissingFile, reloadIfServed } from '../reload-after-upgrade.js'

export function PagePending() {
  return (
    <Container size="xl" py="xl">
      <PageSkeleton />
    </Container>
  )
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const queryClient = useQueryClient()
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 403)) return <NotFound />
  // A part of the page that did not load; only a reload asks for it again.
  const missing = isMissingFile(error)
  const retry = () => {
    if (missing) return void reloadIfServed()
    void queryClient.resetQueries({ predicate: (query) => query.state.status === 'error' })
    reset()
    void router.invalidate()
  }
  return (
    <Container size="sm" py="xl">
      <ErrorState error={missing ? ApiProblem.unreachable() : error} onRetry={retry} />
    </Container>
  )
}

/** Also for what the caller may not know of: the API makes no difference, and neither does the page. */
export function NotFound() {
  return (
    <Container size="sm" py="xl">
      <PageHeading
        title="Page not found"
        lead="The address may be mistyped, or the page belongs to a cohort that you are not in."
      />
      <LinkButton to="/">Go to the dashboard</LinkButton>
    </Container>
  )
}

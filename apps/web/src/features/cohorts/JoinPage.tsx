import { Button, Container, Stack } from '@mantine/core'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { FormError, PageHeading } from '../../ui/index.js'
import { JoinForm } from './JoinForm.js'
import { useJoin } from './queries.js'

export const Route = createLazyRoute('/signed-in/join/$code')({ component: JoinPage })

/** What a join link opens. One press joins: opening a link alone must not enrol anybody. */
function JoinPage() {
  const { code } = Route.useParams()
  const navigate = useNavigate()
  const join = useJoin(
    (cohort) => void navigate({ to: '/cohorts/$cohort', params: { cohort }, replace: true }),
  )
  return (
    <Container size="xs">
      <PageHeading
        title="Join a cohort"
        lead={
          <>
            This link invites you with the code <strong>{code}</strong>.
          </>
        }
      />
      <Stack>
        <FormError error={join.error} />
        {join.error ? (
          <JoinForm />
        ) : (
          <Button onClick={() => join.mutate(code)} loading={join.isPending}>
            Join
          </Button>
        )}
      </Stack>
    </Container>
  )
}

import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import type { Cohort } from '@cooperage/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useMe } from '../../app/hooks.js'
import { Card, EmptyState, LinkAnchor, LinkButton, Loaded, PageHeading, StatusBadge } from '../../ui/index.js'
import { JoinForm } from './JoinForm.js'
import { cohortListQuery } from './queries.js'

export const Route = createLazyRoute('/signed-in/cohorts')({ component: CohortsPage })

function CohortsPage() {
  const me = useMe()
  const query = useInfiniteQuery(cohortListQuery)
  const mayCreate = me.role === 'admin' || me.role === 'instructor'
  return (
    <>
      <PageHeading
        title="Cohorts"
        actions={mayCreate && <LinkButton to="/cohorts/new">Create cohort</LinkButton>}
      />
      <Stack gap="xl">
        <Loaded query={query}>
          {(data) => {
            const cohorts = data.pages.flatMap((page) => page.items)
            return cohorts.length === 0 ? (
              <EmptyState title="You are in no cohort yet">
                Join one with the code that your instructor gave you.
              </EmptyState>
            ) : (
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {cohorts.map((cohort) => (
                  <CohortCard
                    key={cohort.id}
                    cohort={cohort}
                    member={me.cohorts.some(({ id }) => id === cohort.id)}
                  />
                ))}
              </SimpleGrid>
            )
          }}
        </Loaded>
        {query.hasNextPage && (
          <Group justify="center">
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more
            </Button>
          </Group>
        )}
        <Card title="Join a cohort">
          <JoinForm />
        </Card>
      </Stack>
    </>
  )
}

const roleWords: Record<Cohort['role'], string> = {
  learner: 'You learn',
  instructor: 'You teach',
  assistant: 'You assist',
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const dates = (cohort: Cohort): string | null => {
  const from = cohort.startsAt && day.format(new Date(cohort.startsAt))
  const to = cohort.endsAt && day.format(new Date(cohort.endsAt))
  if (from && to) return `${from} to ${to}`
  if (from) return `From ${from}`
  return to ? `Until ${to}` : null
}

/** Admins see every cohort, also those that they are no member of. */
function CohortCard({ cohort, member }: { cohort: Cohort; member: boolean }) {
  return (
    <Card>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <LinkAnchor to="/cohorts/$cohort" params={{ cohort: cohort.id }} fw={600}>
          {cohort.name}
        </LinkAnchor>
        <span style={{ flex: 'none' }}>
          <StatusBadge tone={!member || cohort.role === 'learner' ? 'quiet' : 'busy'} symbol={null}>
            {member ? roleWords[cohort.role] : 'As admin'}
          </StatusBadge>
        </span>
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        {[
          cohort.courseTitle,
          `${cohort.learners} ${cohort.learners === 1 ? 'learner' : 'learners'}`,
          dates(cohort),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </Card>
  )
}

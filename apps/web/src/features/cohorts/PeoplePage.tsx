import { Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useCohort } from '../../app/hooks.js'
import { Card, CopyButton, Loaded, PageHeading } from '../../ui/index.js'
import { AddStaffForm } from './AddStaffForm.js'
import { MembersTable } from './MembersTable.js'
import { membersQuery } from './queries.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/people')({ component: PeoplePage })

function PeoplePage() {
  const cohort = useCohort()
  const query = useInfiniteQuery(membersQuery(cohort.id))
  return (
    <>
      <PageHeading title="People" documentTitle={`People · ${cohort.name}`} above={cohort.name} />
      <Stack gap="lg">
        {cohort.joinCode && <JoinCode code={cohort.joinCode} />}
        <Card title="Members">
          <Loaded query={query}>
            {(data) => <MembersTable members={data.pages.flatMap((page) => page.items)} />}
          </Loaded>
          {query.hasNextPage && (
            <Group justify="center" mt="md">
              <Button
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            </Group>
          )}
        </Card>
        {cohort.role === 'instructor' && (
          <Card title="Add staff">
            <AddStaffForm cohort={cohort.id} />
          </Card>
        )}
      </Stack>
    </>
  )
}

function JoinCode({ code }: { code: string }) {
  const link = `${location.origin}/join/${encodeURIComponent(code)}`
  return (
    <Card title="Join code">
      <Text c="dimmed" size="sm" mb="sm">
        Give your learners the code or the link. Whoever has it and an account can join as a learner.
      </Text>
      <Text
        ff="monospace"
        fz="xl"
        fw={650}
        data-testid="join-code"
        mb="sm"
        style={{ overflowWrap: 'anywhere' }}
      >
        {code}
      </Text>
      <Group gap="xs">
        <CopyButton value={code} label="Copy code" />
        <CopyButton value={link} label="Copy link" />
      </Group>
    </Card>
  )
}

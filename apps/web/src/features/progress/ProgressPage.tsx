import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { courseQuery } from '../../api/index.js'
import { useCohort } from '../../app/hooks.js'
import { EmptyState, LinkButton, Loaded, PageHeading, PageSkeleton, RelativeTime } from '../../ui/index.js'
import { Legend } from './Legend.js'
import { columnsByModule } from './matrix.js'
import { Matrix } from './Matrix.js'
import { cohortProgressQuery } from './queries.js'
import { Stuck } from './Stuck.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/progress')({ component: ProgressPage })

function ProgressPage() {
  const cohort = useCohort()
  const { after = [], module } = Route.useSearch()
  const navigate = Route.useNavigate()
  const query = useQuery(cohortProgressQuery(cohort.id, after.at(-1)))
  const course = useQuery(courseQuery(cohort.course)).data
  const turn = (pages: string[]) =>
    void navigate({ search: (search) => ({ ...search, after: pages.length > 0 ? pages : undefined }) })
  return (
    <>
      <PageHeading title="Progress" documentTitle={`Progress · ${cohort.name}`} above={cohort.name} />
      <Loaded query={query} skeleton={<PageSkeleton heading={false} rows={8} height={36} />}>
        {(data) => {
          if (data.items.length === 0 && after.length === 0) {
            return (
              <EmptyState
                title="No learners yet"
                action={
                  <LinkButton to="/cohorts/$cohort/people" params={{ cohort: cohort.id }} mt="xs">
                    Show the join code
                  </LinkButton>
                }
              >
                As soon as learners join, their progress is shown here.
              </EmptyState>
            )
          }
          const paged = after.length > 0 || data.nextCursor !== null
          const groups = columnsByModule(data.columns, course)
          return (
            <Stack>
              <Stuck cohort={cohort.id} progress={data} paged={paged} />
              <Group justify="space-between" align="flex-end">
                <NativeSelect
                  label="Module"
                  value={module ?? ''}
                  onChange={(event) => {
                    const chosen = event.currentTarget.value
                    void navigate({ search: (search) => ({ ...search, module: chosen || undefined }) })
                  }}
                  data={[
                    { value: '', label: 'All modules' },
                    ...groups.map((group) => ({ value: group.id, label: group.title })),
                  ]}
                />
                <Text size="sm" c="dimmed">
                  {query.isError ? 'Not up to date: the server did not answer. ' : ''}
                  Updated <RelativeTime at={new Date(query.dataUpdatedAt).toISOString()} />
                </Text>
              </Group>
              <Matrix
                cohort={cohort.id}
                groups={module ? groups.filter((group) => group.id === module) : groups}
                learners={data.items}
                busy={query.isPlaceholderData}
              />
              <Legend />
              {paged && (
                <Group justify="center">
                  <Button
                    variant="default"
                    disabled={after.length === 0}
                    onClick={() => turn(after.slice(0, -1))}
                  >
                    Previous learners
                  </Button>
                  <Text size="sm">Page {after.length + 1}</Text>
                  <Button
                    variant="default"
                    disabled={data.nextCursor === null || query.isPlaceholderData}
                    onClick={() => data.nextCursor !== null && turn([...after, data.nextCursor])}
                  >
                    Next learners
                  </Button>
                </Group>
              )}
            </Stack>
          )
        }}
      </Loaded>
    </>
  )
}

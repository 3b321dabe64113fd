import { Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import type { Me, MyProgress } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import { IconArrowRight } from '@tabler/icons-react'
import { courseQuery, myProgressQuery } from '../../api/index.js'
import { itemPath } from '../../app/paths.js'
import { Card, KindLabel, LinkAnchor, LinkButton, Loaded, PageSkeleton } from '../../ui/index.js'
import { DueList } from './DueList.js'
import { isUnderWay, RecentResults } from './RecentResults.js'

export function LearnerCohort({ cohort }: { cohort: Me['cohorts'][number] }) {
  const progress = useQuery({
    ...myProgressQuery(cohort.id),
    // A result that is on its way appears by itself.
    refetchInterval: ({ state }) => (state.data?.recent.some(isUnderWay) ? 3000 : false),
  })
  return (
    <section aria-labelledby={`cohort-${cohort.id}`}>
      <Group justify="space-between" align="baseline" mb="sm">
        <Text component="h2" fw={650} fz="lg" m={0} id={`cohort-${cohort.id}`}>
          <span style={{ marginRight: '0.6rem' }}>{cohort.courseTitle}</span>
          <Text span c="dimmed" fw={400} fz="sm" display="inline-block">
            {cohort.name}
          </Text>
        </Text>
        <LinkAnchor to="/cohorts/$cohort" params={{ cohort: cohort.id }} size="sm">
          Course map
        </LinkAnchor>
      </Group>
      <Loaded query={progress} skeleton={<PageSkeleton heading={false} rows={6} height={28} />}>
        {(data) => (
          <Stack>
            <Continue cohort={cohort} progress={data} />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <DueList cohort={cohort.id} due={data.due} />
              <RecentResults cohort={cohort.id} recent={data.recent} />
            </SimpleGrid>
          </Stack>
        )}
      </Loaded>
    </section>
  )
}

function Continue({ cohort, progress }: { cohort: Me['cohorts'][number]; progress: MyProgress }) {
  const course = useQuery(courseQuery(cohort.course)).data
  const done = progress.items.filter((item) => item.status === 'done').length
  const next = progress.next
  const item = next && course?.modules.flatMap((module) => module.items).find((one) => one.id === next.id)
  return (
    <Card title={next ? (done === 0 ? 'Start here' : 'Continue where you left off') : 'All done'}>
      <Group justify="space-between" gap="md">
        <div style={{ minWidth: 0, flex: '1 1 14rem' }}>
          {next ? (
            <>
              <Text fz="lg" fw={600}>
                {next.title}
              </Text>
              <Text size="sm" c="dimmed" component="div">
                <KindLabel kind={next.kind} />
                {item?.minutes ? ` · ${item.minutes} min` : ''}
              </Text>
            </>
          ) : (
            <Text>You have finished every item of this course. Well done!</Text>
          )}
        </div>
        {next && (
          <LinkButton
            to={itemPath(cohort.id, next.kind, next.id)}
            rightSection={<IconArrowRight size={16} aria-hidden />}
            aria-label={`${done === 0 ? 'Start' : 'Continue'}: ${next.title}`}
          >
            {done === 0 ? 'Start' : 'Continue'}
          </LinkButton>
        )}
      </Group>
      <Group gap="sm" mt="md" wrap="nowrap">
        <Progress
          value={progress.percent}
          aria-label="Course progress"
          style={{ flex: 1 }}
          transitionDuration={200}
        />
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {done} of {progress.items.length} done
        </Text>
      </Group>
    </Card>
  )
}

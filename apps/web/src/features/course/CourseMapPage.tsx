import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { IconArrowRight } from '@tabler/icons-react'
import { courseQuery, myProgressQuery } from '../../api/index.js'
import { useCohort } from '../../app/hooks.js'
import { itemPath } from '../../app/paths.js'
import { ErrorState, LinkButton, Loaded, PageHeading, PageSkeleton } from '../../ui/index.js'
import { ModuleCard } from './ModuleCard.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/')({ component: CourseMapPage })

function CourseMapPage() {
  const cohort = useCohort()
  const course = useQuery(courseQuery(cohort.course))
  const progress = useQuery(myProgressQuery(cohort.id))
  const next = progress.data?.next
  const go = progress.data?.items.some((item) => item.status === 'done') ? 'Continue' : 'Start'
  return (
    <>
      <PageHeading
        title={cohort.courseTitle}
        documentTitle={`${cohort.courseTitle} · ${cohort.name}`}
        above={cohort.name}
        lead={course.data?.summary ?? ' '}
        actions={
          next && (
            <LinkButton
              to={itemPath(cohort.id, next.kind, next.id)}
              rightSection={<IconArrowRight size={16} aria-hidden />}
              aria-label={`${go}: ${next.title}`}
            >
              {go}
            </LinkButton>
          )
        }
      />
      {progress.error && !progress.data && cohort.role === 'learner' && (
        <ErrorState
          title="Your progress could not be read"
          error={progress.error}
          onRetry={() => void progress.refetch()}
        />
      )}
      <Loaded query={course} skeleton={<PageSkeleton heading={false} rows={8} height={44} />}>
        {(data) => (
          <Stack>
            {progress.data && (
              <Text c="dimmed" size="sm" component="output">
                {progress.data.percent} % done
              </Text>
            )}
            {data.modules.map((module, index) => (
              <ModuleCard
                key={module.id}
                cohort={cohort.id}
                number={index + 1}
                module={module}
                progress={progress.data}
              />
            ))}
          </Stack>
        )}
      </Loaded>
    </>
  )
}

import { Group, Stack } from '@mantine/core'
import { createLazyRoute } from '@tanstack/react-router'
import { useMe } from '../../app/hooks.js'
import { EmptyState, LinkButton, PageHeading } from '../../ui/index.js'
import { JoinForm } from '../cohorts/index.js'
import { LearnerCohort } from './LearnerCohort.js'
import { StaffCohort } from './StaffCohort.js'

export const Route = createLazyRoute('/signed-in/')({ component: DashboardPage })

function DashboardPage() {
  const me = useMe()
  const learning = me.cohorts.filter((cohort) => cohort.role === 'learner')
  const teaching = me.cohorts.filter((cohort) => cohort.role !== 'learner')
  const mayCreate = me.role === 'admin' || me.role === 'instructor'
  return (
    <>
      <PageHeading title={`Hello, ${me.name}`} documentTitle="Dashboard" />
      <Stack gap="xl">
        {learning.map((cohort) => (
          <LearnerCohort key={cohort.id} cohort={cohort} />
        ))}
        {teaching.map((cohort) => (
          <StaffCohort key={cohort.id} cohort={cohort} />
        ))}
        {me.cohorts.length === 0 && !mayCreate && (
          <EmptyState title="Join your cohort" action={<JoinForm />}>
            Your instructor has given you a join code or a link. Enter the code here to begin.
          </EmptyState>
        )}
        {me.cohorts.length === 0 && mayCreate && (
          <EmptyState
            title={me.role === 'admin' ? 'You teach no cohort' : 'No cohort yet'}
            action={
              <Group gap="xs" mt="xs">
                <LinkButton to="/cohorts/new">Create cohort</LinkButton>
                {me.role === 'admin' && (
                  <>
                    <LinkButton to="/cohorts" variant="default">
                      All cohorts
                    </LinkButton>
                    <LinkButton to="/people/new" variant="default">
                      Create user
                    </LinkButton>
                  </>
                )}
              </Group>
            }
          >
            A cohort is a group of learners who take a course together. Create one and give its join code to
            your learners.
          </EmptyState>
        )}
      </Stack>
    </>
  )
}

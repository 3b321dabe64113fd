import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { courseQuery } from '../../api/index.js'
import { useCohort } from '../../app/hooks.js'
import { Card, EmptyState, Loaded, PageHeading } from '../../ui/index.js'
import { LabSchedule } from './LabSchedule.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/schedule')({ component: SchedulePage })

function SchedulePage() {
  const cohort = useCohort()
  const { lab: editing } = Route.useSearch()
  const navigate = Route.useNavigate()
  const course = useQuery(courseQuery(cohort.course))
  const edit = (lab: string | undefined) =>
    void navigate({ search: { lab }, replace: true, resetScroll: false })
  return (
    <>
      <PageHeading
        title="Schedule"
        documentTitle={`Schedule · ${cohort.name}`}
        above={cohort.name}
        lead="When labs open, are due and close, how many attempts a learner has, and what happens to late work. Without dates a lab is always open."
      />
      <Loaded query={course}>
        {(data) => {
          const modules = data.modules
            .map((module) => ({ ...module, labs: module.items.filter((item) => item.kind === 'lab') }))
            .filter((module) => module.labs.length > 0)
          return modules.length === 0 ? (
            <EmptyState title="This course has no labs" />
          ) : (
            <Stack>
              {modules.map((module) => (
                <Card key={module.id} title={module.title}>
                  {module.labs.map((lab) => (
                    <LabSchedule
                      key={lab.id}
                      cohort={cohort.id}
                      lab={lab}
                      mayEdit={cohort.role === 'instructor'}
                      open={editing === lab.id}
                      onOpen={(open) => edit(open ? lab.id : undefined)}
                    />
                  ))}
                </Card>
              ))}
            </Stack>
          )
        }}
      </Loaded>
    </>
  )
}

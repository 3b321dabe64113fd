import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, getRouteApi } from '@tanstack/react-router'
import { labQuery } from '../../api/index.js'
import { isStaff, useCohort } from '../../app/hooks.js'
import { learnerSubmissionsPath } from '../../app/paths.js'
import { LinkButton, Loaded, PageHeading } from '../../ui/index.js'
import { LabWorkspace } from './LabWorkspace.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/labs/$lab')({ component: LabPage })

const route = getRouteApi('/signed-in/cohorts/$cohort/labs/$lab')
const difficulties = { intro: 'Introductory', core: 'Core', advanced: 'Advanced' }

function LabPage() {
  const cohort = useCohort()
  const params = route.useParams()
  const query = useQuery(labQuery(cohort.course, params.lab))
  return (
    <Loaded query={query}>
      {(lab) => (
        <LabWorkspace
          key={lab.id}
          lab={lab}
          cohort={cohort}
          heading={(compact) => (
            <PageHeading
              title={lab.title}
              above={
                !compact &&
                `Lab · ${lab.module.title} · ${difficulties[lab.difficulty]} · ${lab.minutes} min · ${lab.maxScore} ${lab.maxScore === 1 ? 'point' : 'points'}`
              }
              lead={!compact && lab.summary}
              actions={
                isStaff(cohort) && (
                  <LinkButton variant="default" size="xs" to={learnerSubmissionsPath(cohort.id, lab.id)}>
                    Submissions
                  </LinkButton>
                )
              }
            />
          )}
        />
      )}
    </Loaded>
  )
}

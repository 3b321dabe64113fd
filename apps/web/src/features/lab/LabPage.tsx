import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, getRouteApi } from '@tanstack/react-router'
import { labQuery } from '../../api/index.js'
import { useCohort } from '../../app/hooks.js'
import { Loaded } from '../../ui/index.js'
import { LabWorkspace } from './LabWorkspace.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/labs/$lab')({ component: LabPage })

const route = getRouteApi('/signed-in/cohorts/$cohort/labs/$lab')

function LabPage() {
  const cohort = useCohort()
  const params = route.useParams()
  const query = useQuery(labQuery(cohort.course, params.lab))
  return (
    <Loaded query={query} page>
      {(lab) => <LabWorkspace key={lab.id} lab={lab} cohort={cohort} />}
    </Loaded>
  )
}

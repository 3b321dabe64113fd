/** Where a person lands: what is next, what is due, how it went. */
import { createRoute } from '@tanstack/react-router'
import { cohortQuery, courseQuery, myProgressQuery } from '../../api/index.js'
import { signedInRoute } from '../../app/routes.js'

const dashboardRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  loader: ({ context }) => {
    for (const cohort of context.me.cohorts) {
      if (cohort.role === 'learner') {
        void context.queryClient.prefetchQuery(myProgressQuery(cohort.id))
        void context.queryClient.prefetchQuery(courseQuery(cohort.course))
      } else void context.queryClient.prefetchQuery(cohortQuery(cohort.id))
    }
  },
}).lazy(() => import('./DashboardPage.js').then((module) => module.Route))

export const dashboardRoutes = [dashboardRoute] as const

/** Composes the features' routes. Each feature exports its own from its index.ts. */
import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { cohortRoute, rootRoute, signedInRoute } from './app/routes.js'
import { authRoutes } from './features/auth/index.js'
import { cohortRoutes, cohortsRoutes } from './features/cohorts/index.js'
import { courseRoutes } from './features/course/index.js'
import { dashboardRoutes } from './features/dashboard/index.js'
import { interviewRoutes } from './features/interview/index.js'
import { labRoutes } from './features/lab/index.js'
import { labHostsRoutes } from './features/lab-hosts/index.js'
import { peopleRoutes } from './features/people/index.js'
import { profileRoutes } from './features/profile/index.js'
import { progressRoutes } from './features/progress/index.js'
import { cohortSubmissionRoutes, submissionRoutes } from './features/submissions/index.js'
import { NotFound, PageFailed, PagePending } from './app/shell/RouteStates.js'

const routeTree = rootRoute.addChildren([
  ...authRoutes,
  signedInRoute.addChildren([
    ...dashboardRoutes,
    ...cohortsRoutes,
    ...profileRoutes,
    ...peopleRoutes,
    ...labHostsRoutes,
    ...submissionRoutes,
    cohortRoute.addChildren([
      ...courseRoutes,
      ...cohortRoutes,
      ...progressRoutes,
      ...labRoutes,
      ...cohortSubmissionRoutes,
      ...interviewRoutes,
    ]),
  ]),
])

export const makeRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 200,
    defaultPendingMinMs: 0,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

/** The routes that features hang theirs on. */
import { cohortQuery, ApiProblem, meQuery } from '../api/index.js'
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router'

export interface RouterContext {
  queryClient: QueryClient
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({})

/** Everything that needs a session. Without one: to the sign-in page, and back here afterwards. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.queryClient.ensureQueryData(meQuery) }
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'unauthenticated') {
        throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true })
      }
      throw error
    }
  },
}).lazy(() => import('./shell/Shell.js').then((module) => module.Route))

/** Everything about one cohort; its name, course and the caller's role are known below here. */
export const cohortRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/cohorts/$cohort',
  beforeLoad: async ({ context, params }) => ({
    cohort: await context.queryClient.ensureQueryData(cohortQuery(params.cohort)),
  }),
}).lazy(() => import('./shell/CohortFrame.js').then((module) => module.Route))

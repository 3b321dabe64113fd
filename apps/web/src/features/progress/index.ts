/** The cohort on one page, for its staff. */
import { Slug } from '@cooperage/contracts'
import { createRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { courseQuery } from '../../api/index.js'
import { cohortRoute } from '../../app/routes.js'
import { cohortProgressQuery } from './queries.js'

const progressRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/progress',
  validateSearch: z.object({
    /** Cursors of the pages before this one and of this one, so that there is a way back. */
    after: z.array(z.string()).optional().catch(undefined),
    /** Show this module alone. */
    module: Slug.optional().catch(undefined),
  }),
  loaderDeps: ({ search }) => ({ cursor: search.after?.at(-1) }),
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(cohortProgressQuery(context.cohort.id, deps.cursor))
    void context.queryClient.prefetchQuery(courseQuery(context.cohort.course))
  },
}).lazy(() => import('./ProgressPage.js').then((module) => module.Route))

export const progressRoutes = [progressRoute] as const

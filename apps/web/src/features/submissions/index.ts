/** Submissions as staff read them: a lab's list, and one submission (which its owner may read too). */
import { createRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { cohortRoute, signedInRoute } from '../../app/routes.js'

const listRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/labs/$lab/submissions',
  validateSearch: z.object({ learner: z.uuid().optional().catch(undefined) }),
}).lazy(() => import('./SubmissionsPage.js').then((module) => module.Route))

const submissionRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/submissions/$submission',
  validateSearch: z.object({ file: z.string().optional().catch(undefined) }),
}).lazy(() => import('./SubmissionPage.js').then((module) => module.Route))

/** Below the cohort, and below the session. */
export const cohortSubmissionRoutes = [listRoute] as const
export const submissionRoutes = [submissionRoute] as const

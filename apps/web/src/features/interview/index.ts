/** Interview questions: practise, mark oneself, be reviewed. */
import { createRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { cohortRoute } from '../../app/routes.js'

const listRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/questions',
  validateSearch: z.object({ level: z.enum(['junior', 'senior', 'staff']).optional().catch(undefined) }),
}).lazy(() => import('./QuestionsPage.js').then((module) => module.Route))

const questionRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/questions/$question',
  validateSearch: z.object({
    /** The attempt that is open. */
    attempt: z.uuid().optional().catch(undefined),
    /** Staff: whose attempts are listed. */
    learner: z.uuid().optional().catch(undefined),
  }),
}).lazy(() => import('./QuestionPage.js').then((module) => module.Route))

export const interviewRoutes = [listRoute, questionRoute] as const

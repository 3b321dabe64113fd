/** Every route of the HTTP contract. The API must have a handler for each; the page calls through it; OpenAPI is made from it. */
import { cohortsRoutes } from './cohorts.js'
import { coursesRoutes } from './courses.js'
import { identityRoutes } from './identity.js'
import { interviewRoutes } from './interview.js'
import { labHostsRoutes } from './lab-hosts.js'
import { receiptsRoutes } from './receipts.js'
import { submissionsRoutes } from './submissions.js'

export const apiPrefix = '/api/v1'

export const routes = {
  ...identityRoutes,
  ...coursesRoutes,
  ...cohortsRoutes,
  ...submissionsRoutes,
  ...receiptsRoutes,
  ...interviewRoutes,
  ...labHostsRoutes,
}

export type Routes = typeof routes
export type RouteName = keyof Routes

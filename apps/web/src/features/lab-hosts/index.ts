/** Lab hosts and the tests of their sandboxes, for admins. */
import { createRoute } from '@tanstack/react-router'
import { signedInRoute } from '../../app/routes.js'
import { labHostsQuery } from './queries.js'

const labHostsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/lab-hosts',
  loader: ({ context }) => {
    if (context.me.role === 'admin') void context.queryClient.prefetchQuery(labHostsQuery)
  },
}).lazy(() => import('./LabHostsPage.js').then((module) => module.Route))

export const labHostsRoutes = [labHostsRoute] as const

/** One's own account: name, password, API tokens. */
import { createRoute } from '@tanstack/react-router'
import { signedInRoute } from '../../app/routes.js'
import { tokensQuery } from './queries.js'

const profileRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/profile',
  loader: ({ context }) => void context.queryClient.prefetchQuery(tokensQuery),
}).lazy(() => import('./ProfilePage.js').then((module) => module.Route))

export const profileRoutes = [profileRoute] as const

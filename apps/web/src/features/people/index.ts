/** Accounts, for admins. */
import { createRoute } from '@tanstack/react-router'
import { signedInRoute } from '../../app/routes.js'

const newUserRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/people/new',
}).lazy(() => import('./NewUserPage.js').then((module) => module.Route))

export const peopleRoutes = [newUserRoute] as const

/** Signing in, and accepting an invitation. */
import { createRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { rootRoute } from '../../app/routes.js'

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({
    next: z.string().optional().catch(undefined),
    /** The session ended while its owner was at work. */
    ended: z.boolean().optional().catch(undefined),
  }),
}).lazy(() => import('./SignInPage.js').then((module) => module.Route))

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitations/$token',
}).lazy(() => import('./InvitationPage.js').then((module) => module.Route))

export const authRoutes = [signInRoute, invitationRoute] as const

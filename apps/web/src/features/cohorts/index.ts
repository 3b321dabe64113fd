/** Cohorts: joining, creating, their people and their dates. */
import { Slug } from '@cooperage/contracts'
import { createRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { courseQuery } from '../../api/index.js'
import { cohortRoute, signedInRoute } from '../../app/routes.js'
import { cohortListQuery, membersQuery } from './queries.js'

const listRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/cohorts',
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(cohortListQuery),
}).lazy(() => import('./CohortsPage.js').then((module) => module.Route))

const newRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/cohorts/new',
}).lazy(() => import('./NewCohortPage.js').then((module) => module.Route))

const joinRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/join/$code',
}).lazy(() => import('./JoinPage.js').then((module) => module.Route))

const peopleRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/people',
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(membersQuery(context.cohort.id)),
}).lazy(() => import('./PeoplePage.js').then((module) => module.Route))

const scheduleRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/schedule',
  validateSearch: z.object({ lab: Slug.optional().catch(undefined) }),
  loader: ({ context }) => void context.queryClient.prefetchQuery(courseQuery(context.cohort.course)),
}).lazy(() => import('./SchedulePage.js').then((module) => module.Route))

export const cohortsRoutes = [listRoute, newRoute, joinRoute] as const
export const cohortRoutes = [peopleRoute, scheduleRoute] as const
export { JoinForm } from './JoinForm.js'

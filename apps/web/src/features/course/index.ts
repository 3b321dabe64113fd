/** The course map and the lesson reader. */
import { createRoute } from '@tanstack/react-router'
import { courseQuery, myProgressQuery } from '../../api/index.js'
import { cohortRoute } from '../../app/routes.js'
import { lessonQuery } from './queries.js'

const mapRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/',
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(courseQuery(context.cohort.course))
    void context.queryClient.prefetchQuery(myProgressQuery(context.cohort.id))
  },
}).lazy(() => import('./CourseMapPage.js').then((module) => module.Route))

const lessonRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/lessons/$lesson',
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(lessonQuery(context.cohort.course, params.lesson))
    void context.queryClient.prefetchQuery(myProgressQuery(context.cohort.id))
  },
}).lazy(() => import('./LessonPage.js').then((module) => module.Route))

export const courseRoutes = [mapRoute, lessonRoute] as const

/** What more than one feature reads, each under one cache key. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './client.js'

const minute = 60_000

/** Keys from general to particular, so that a change can invalidate a whole branch. */
export const keys = {
  me: ['me'] as const,
  cohorts: ['cohorts'] as const,
  cohort: (cohort: string) => ['cohorts', cohort] as const,
  myProgress: (cohort: string) => ['cohorts', cohort, 'my-progress'] as const,
  schedule: (cohort: string, lab: string) => ['cohorts', cohort, 'labs', lab, 'schedule'] as const,
  course: (course: string) => ['courses', course] as const,
}

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => call('me', {}, { signal }),
  staleTime: 5 * minute,
})

export const cohortQuery = (cohort: string) =>
  queryOptions({
    queryKey: keys.cohort(cohort),
    queryFn: ({ signal }) => call('getCohort', { params: { cohort } }, { signal }),
    staleTime: minute,
  })

export const courseQuery = (course: string) =>
  queryOptions({
    queryKey: keys.course(course),
    queryFn: ({ signal }) => call('getCourse', { params: { course } }, { signal }),
    staleTime: 5 * minute,
  })

/** Own progress in a cohort. Submitting, reading and answering invalidate it. */
export const myProgressQuery = (cohort: string) =>
  queryOptions({
    queryKey: keys.myProgress(cohort),
    queryFn: ({ signal }) => call('myProgress', { query: { cohort } }, { signal }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  })

/** Dates and attempts of a lab that hold for the caller. */
export const scheduleQuery = (cohort: string, lab: string) =>
  queryOptions({
    queryKey: keys.schedule(cohort, lab),
    queryFn: ({ signal }) => call('getSchedule', { params: { cohort, lab } }, { signal }),
    staleTime: minute,
  })

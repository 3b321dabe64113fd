/** Labs and submissions, which several features read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from './client.js'
import { keys } from './queries.js'

export const submissionKey = (submission: string) => ['submissions', submission] as const
export const attemptsKey = (cohort: string, lab: string) =>
  [...keys.cohort(cohort), 'labs', lab, 'submissions'] as const

/** One submission as far as it is known; the event stream writes to the same key while grading goes on. */
export const submissionQuery = (submission: string) =>
  queryOptions({
    queryKey: submissionKey(submission),
    queryFn: ({ signal }) => call('getSubmission', { params: { submission } }, { signal }),
  })

/** Stored files never change. */
export const submissionFilesQuery = (submission: string) =>
  queryOptions({
    queryKey: [...submissionKey(submission), 'files'],
    queryFn: ({ signal }) => call('getSubmissionFiles', { params: { submission } }, { signal }),
    staleTime: Infinity,
  })

/** Attempts at a lab, newest first: of one learner, or (staff) of the whole cohort. */
export const attemptsQuery = (cohort: string, lab: string, learner?: string) =>
  infiniteQueryOptions({
    queryKey: [...attemptsKey(cohort, lab), learner ?? 'everyone'],
    queryFn: ({ signal, pageParam }) =>
      call(
        'listSubmissions',
        {
          params: { cohort, lab },
          query: { limit: 50, ...(learner ? { learner } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })

export const labQuery = (course: string, lab: string) =>
  queryOptions({
    queryKey: [...keys.course(course), 'labs', lab],
    queryFn: ({ signal }) => call('getLab', { params: { course, lab } }, { signal }),
    staleTime: 60_000,
    // A lab whose image is still being built says so, and opens by itself.
    refetchInterval: (query) => (query.state.data?.unavailable ? 10_000 : false),
  })

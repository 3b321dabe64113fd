import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, keys } from '../../api/index.js'

export const cohortListQuery = infiniteQueryOptions({
  queryKey: [...keys.cohorts, 'list'] as const,
  queryFn: ({ pageParam, signal }) =>
    call('listCohorts', { query: { limit: 50, cursor: pageParam } }, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
})

/** Courses that a cohort can be made of. An installation has a handful. */
export const coursesQuery = queryOptions({
  queryKey: ['courses'] as const,
  queryFn: ({ signal }) => call('listCourses', { query: { limit: 200 } }, { signal }),
})

export const membersQuery = (cohort: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.cohort(cohort), 'members'] as const,
    queryFn: ({ pageParam, signal }) =>
      call('listMembers', { params: { cohort }, query: { limit: 100, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })

/** Joins by code; afterwards the caller's cohorts are read anew. Answers the cohort's id. */
export function useJoin(onJoined: (cohort: string) => void) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => call('joinCohort', { body: { code } }),
    onSuccess: async ({ cohortId }) => {
      await queryClient.invalidateQueries({ queryKey: keys.me })
      void queryClient.invalidateQueries({ queryKey: keys.cohorts })
      onJoined(cohortId)
    },
  })
}

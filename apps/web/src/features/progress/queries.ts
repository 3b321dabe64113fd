import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call, keys } from '../../api/index.js'

const learnersPerPage = 50
const refreshMs = 12_000

/** One page of the matrix; refreshes itself while the page is in view. */
export const cohortProgressQuery = (cohort: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: [...keys.cohort(cohort), 'progress', cursor ?? 'first'] as const,
    queryFn: ({ signal }) =>
      call('cohortProgress', { params: { cohort }, query: { limit: learnersPerPage, cursor } }, { signal }),
    staleTime: 5000,
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  })

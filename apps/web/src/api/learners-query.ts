import type { ResponseOf, Routes } from '@cooperage/contracts'
import { queryOptions } from '@tanstack/react-query'
import { call } from './client.js'
import { keys } from './queries.js'

type Member = ResponseOf<Routes['listMembers']>['items'][number]

/** Every learner of a cohort, by name: to choose one from. */
export const learnersQuery = (cohort: string) =>
  queryOptions({
    queryKey: [...keys.cohort(cohort), 'learners'],
    queryFn: async ({ signal }) => {
      const learners: Member[] = []
      let cursor: string | undefined
      do {
        const query = { limit: 200, ...(cursor ? { cursor } : {}) }
        const page = await call('listMembers', { params: { cohort }, query }, { signal })
        learners.push(...page.items.filter(({ role }) => role === 'learner'))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      return learners.sort((a, b) => a.name.localeCompare(b.name))
    },
    staleTime: 60_000,
  })

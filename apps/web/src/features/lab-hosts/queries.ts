import type { LabHost } from '@cooperage/contracts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/index.js'

/** An installation has a handful. */
const most = 200
const refreshMs = { waiting: 2_000, else: 10_000 }

export const labHostsQuery = queryOptions({
  queryKey: ['lab-hosts'] as const,
  queryFn: async ({ signal }) => (await call('listLabHosts', { query: { limit: most } }, { signal })).items,
  staleTime: 1_000,
  refetchInterval: ({ state }) =>
    state.data?.some(({ fullTestRequested }) => fullTestRequested) ? refreshMs.waiting : refreshMs.else,
})

/** A change of one host, which the API answers with the host as it is then. */
export function useHostChange<Given>(change: (given: Given) => Promise<LabHost>) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (changed) => {
      queryClient.setQueryData(labHostsQuery.queryKey, (hosts) =>
        hosts?.map((host) => (host.id === changed.id ? changed : host)),
      )
      // Its worker follows within seconds.
      void queryClient.invalidateQueries({ queryKey: labHostsQuery.queryKey })
    },
  })
}

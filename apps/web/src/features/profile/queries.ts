import { queryOptions } from '@tanstack/react-query'
import { call, keys } from '../../api/index.js'

export const tokensQuery = queryOptions({
  queryKey: [...keys.me, 'tokens'] as const,
  queryFn: ({ signal }) => call('listTokens', { query: { limit: 200 } }, { signal }),
})

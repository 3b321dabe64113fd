import { hashKey, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem.js'
import { keys } from './queries.js'

/** @param onSignedOut called when the API says that the session is over (of a call other than signing in). */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const isOver = (error: unknown) => error instanceof ApiProblem && error.code === 'unauthenticated'
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // Who is asked for the first time is the route's business: it leads to the sign-in page and back.
        const first = query.queryHash === hashKey(keys.me) && query.state.data === undefined
        if (isOver(error) && !first) onSignedOut()
      },
    }),
    mutationCache: new MutationCache({ onError: (error) => isOver(error) && onSignedOut() }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // Without a network a call fails at once and says so; by default it would wait, silently, for one.
        networkMode: 'always',
        // A refusal does not change by asking again; a server that restarts does.
        retry: (failures, error) => error instanceof ApiProblem && error.temporary && failures < 3,
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

import type { QuestionSummary } from '@cooperage/contracts'
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query'
import { call, keys } from '../../api/index.js'

const questionsKey = (course: string) => [...keys.course(course), 'questions'] as const
const attemptsKey = (cohort: string, question: string) =>
  [...keys.cohort(cohort), 'questions', question, 'attempts'] as const

/** Every question of a course: a course has tens, and the page groups them. */
export const questionsQuery = (course: string) =>
  queryOptions({
    queryKey: [...questionsKey(course), 'list'],
    queryFn: async ({ signal }) => {
      const questions: QuestionSummary[] = []
      let cursor: string | undefined
      do {
        const query = { limit: 200, ...(cursor ? { cursor } : {}) }
        const page = await call('listQuestions', { params: { course }, query }, { signal })
        questions.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      return questions
    },
  })

export const questionQuery = (course: string, question: string) =>
  queryOptions({
    queryKey: [...questionsKey(course), question],
    queryFn: ({ signal }) => call('getQuestion', { params: { course, question } }, { signal }),
  })

/** Attempts at a question, newest first: of one person, or (staff) of the whole cohort. */
export const questionAttemptsQuery = (cohort: string, question: string, learner?: string) =>
  infiniteQueryOptions({
    queryKey: [...attemptsKey(cohort, question), learner ?? 'everyone'],
    queryFn: ({ signal, pageParam }) =>
      call(
        'listAttempts',
        {
          params: { cohort, question },
          query: { limit: 20, ...(learner ? { learner } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })

/** After an attempt, its marks or its review: what is shown of the question, its attempts and the progress is old. */
export function forgetQuestion(client: QueryClient, cohort: string, course: string): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: questionsKey(course) }),
    client.invalidateQueries({ queryKey: keys.cohort(cohort) }),
  ])
}

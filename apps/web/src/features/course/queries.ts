import type { MyProgress } from '@cooperage/contracts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, keys, myProgressQuery } from '../../api/index.js'

export const lessonQuery = (course: string, lesson: string) =>
  queryOptions({
    queryKey: [...keys.course(course), 'lessons', lesson] as const,
    queryFn: ({ signal }) => call('getLesson', { params: { course, lesson } }, { signal }),
    staleTime: 5 * 60_000,
  })

/** Marks a lesson read or unread. The page shows it at once, and takes it back when the API refuses. */
export function useMarkRead(cohort: string, lesson: string) {
  const queryClient = useQueryClient()
  const { queryKey } = myProgressQuery(cohort)
  return useMutation({
    mutationFn: (completed: boolean) =>
      call('setLessonProgress', { params: { cohort, lesson }, body: { completed } }),
    onMutate: async (completed) => {
      await queryClient.cancelQueries({ queryKey })
      const before = queryClient.getQueryData(queryKey)
      if (before) queryClient.setQueryData(queryKey, withLesson(before, lesson, completed))
      return { before }
    },
    onError: (_error, _completed, context) => {
      if (context?.before) queryClient.setQueryData(queryKey, context.before)
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  })
}

const withLesson = (progress: MyProgress, lesson: string, completed: boolean): MyProgress => ({
  ...progress,
  items: progress.items.map((item) =>
    item.kind === 'lesson' && item.id === lesson
      ? { ...item, status: completed ? 'done' : 'untouched' }
      : item,
  ),
})

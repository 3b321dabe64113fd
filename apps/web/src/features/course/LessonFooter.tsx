import { Button, Group, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import type { Lesson } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { myProgressQuery } from '../../api/index.js'
import { itemPath } from '../../app/paths.js'
import { FormError, kindWords, StatusBadge } from '../../ui/index.js'
import classes from './LessonPage.module.css'
import { useMarkRead } from './queries.js'

/** Mark as read, and the way on. Keys: n or → for next, p or ← for previous. */
export function LessonFooter({ cohort, lesson }: { cohort: string; lesson: Lesson }) {
  const progress = useQuery(myProgressQuery(cohort))
  const item = progress.data?.items.find((one) => one.kind === 'lesson' && one.id === lesson.id)
  const read = item?.status === 'done'
  const mark = useMarkRead(cohort, lesson.id)
  useSteps(cohort, lesson)
  return (
    <footer className={classes.footer}>
      <Group gap="sm">
        <Button
          variant={read ? 'default' : 'filled'}
          disabled={!progress.data && progress.isPending}
          onClick={() => mark.mutate(!read)}
        >
          {read ? 'Mark as unread' : 'Mark as read'}
        </Button>
        <output>{read && <StatusBadge tone="good">Read</StatusBadge>}</output>
      </Group>
      <FormError error={mark.error} />
      <nav className={classes.steps} aria-label="Previous and next">
        {lesson.previous && (
          <Link
            className={classes.step}
            to={itemPath(cohort, lesson.previous.kind, lesson.previous.id)}
            data-to="previous"
          >
            <small>← Previous {kindWords[lesson.previous.kind].toLowerCase()}</small>
            {lesson.previous.title}
          </Link>
        )}
        {lesson.next && (
          <Link
            className={classes.step}
            to={itemPath(cohort, lesson.next.kind, lesson.next.id)}
            data-to="next"
          >
            <small>Next {kindWords[lesson.next.kind].toLowerCase()} →</small>
            {lesson.next.title}
          </Link>
        )}
      </nav>
      <Text size="xs" c="dimmed" mt="md" visibleFrom="sm">
        Keys: <kbd>n</kbd> next, <kbd>p</kbd> previous
      </Text>
    </footer>
  )
}

function useSteps(cohort: string, lesson: Lesson) {
  const navigate = useNavigate()
  const go = (to: Lesson['next']) => {
    if (to) void navigate({ to: itemPath(cohort, to.kind, to.id) })
  }
  // Arrows also scroll code, move in radio groups and menus: they are only taken when nothing else has the focus.
  const ifIdle = (action: () => void) => () => {
    const { activeElement } = document
    if (activeElement === null || activeElement === document.body || activeElement.id === 'main') action()
  }
  // Fields and menus keep their keys: useHotkeys leaves inputs alone, menus hold the focus themselves.
  useHotkeys([
    ['n', () => go(lesson.next)],
    ['p', () => go(lesson.previous)],
    ['ArrowRight', ifIdle(() => go(lesson.next)), { preventDefault: false }],
    ['ArrowLeft', ifIdle(() => go(lesson.previous)), { preventDefault: false }],
  ])
}

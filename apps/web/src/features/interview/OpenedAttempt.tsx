import type { Attempt, Cohort, Question } from '@cooperage/contracts'
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { isStaff, useMe } from '../../app/hooks.js'
import { Card, EmptyState, ErrorState, PageSkeleton, RelativeTime, StatusBadge } from '../../ui/index.js'
import classes from './interview.module.css'
import { MarksList } from './Marks.js'
import { questionAttemptsQuery } from './queries.js'
import { ReviewForm } from './ReviewForm.js'
import { SelfMarkForm } from './SelfMarkForm.js'
import { SolutionView } from './SolutionView.js'
import { percent, standing } from './wording.js'

/** One attempt: what was answered, how it is marked, and the strong answer to compare with. */
export function OpenedAttempt({
  id,
  question,
  cohort,
  learner,
  onClose,
}: {
  id: string
  question: Question
  cohort: Cohort
  /** Whose list it is looked for in; everybody's when not given. */
  learner: string | undefined
  onClose: () => void
}) {
  const query = useInfiniteQuery(questionAttemptsQuery(cohort.id, question.id, learner))
  const attempt = query.data?.pages.flatMap((page) => page.items).find((item) => item.id === id)
  if (attempt)
    return <Shown key={id} attempt={attempt} question={question} cohort={cohort} onClose={onClose} />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (query.isFetching) return <PageSkeleton heading={false} label="The attempt is loading" />
  return (
    <EmptyState
      title="This attempt is not among the latest"
      action={
        query.hasNextPage ? (
          <Button variant="default" onClick={() => void query.fetchNextPage()}>
            Look among older attempts
          </Button>
        ) : (
          <Button variant="default" onClick={onClose}>
            Back to the question
          </Button>
        )
      }
    >
      It may be older, or somebody else’s.
    </EmptyState>
  )
}

function Shown({
  attempt,
  question,
  cohort,
  onClose,
}: {
  attempt: Attempt
  question: Question
  cohort: Cohort
  onClose: () => void
}) {
  const me = useMe()
  const own = attempt.learner.id === me.id
  const { tone, text } = standing(attempt)
  const { solution } = question
  return (
    <>
      <Card
        title={own ? 'What you answered' : `What ${attempt.learner.name} answered`}
        actions={<StatusBadge tone={tone}>{text}</StatusBadge>}
      >
        <p className={classes.answer}>{attempt.answer}</p>
        <div className={classes.formFoot}>
          <Button variant="default" size="xs" onClick={onClose}>
            {own ? 'Answer again' : 'Close'}
          </Button>
          <span className={classes.dim}>
            <RelativeTime at={attempt.at} />
          </span>
        </div>
      </Card>
      {solution && (
        <>
          {own && (
            <Card title="Mark yourself">
              <SelfMarkForm attempt={attempt} rubric={solution.rubric} cohort={cohort} />
            </Card>
          )}
          {attempt.review && (
            <Card
              title={`Review by ${attempt.review.reviewer}`}
              actions={<StatusBadge tone="quiet">{percent(attempt.review.score)}</StatusBadge>}
            >
              {attempt.review.comment && <p className={classes.answer}>{attempt.review.comment}</p>}
              <MarksList rubric={solution.rubric} marks={attempt.review.marks} />
            </Card>
          )}
          {isStaff(cohort) && !own && (
            <Card title={attempt.review ? 'Review again' : 'Review'}>
              <ReviewForm attempt={attempt} rubric={solution.rubric} cohort={cohort} />
            </Card>
          )}
          <SolutionView solution={solution} />
        </>
      )}
    </>
  )
}

import type { Attempt, Cohort, RubricPoint } from '@cooperage/contracts'
import { rubricPercent } from '@cooperage/domain'
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/index.js'
import { ErrorState } from '../../ui/index.js'
import classes from './interview.module.css'
import { everyPointMarked, marksOf, MarksInput } from './Marks.js'
import { forgetQuestion } from './queries.js'
import { percent } from './wording.js'

/** Staff's marks and comment. They count instead of the learner's own, which are kept beside. */
export function ReviewForm({
  attempt,
  rubric,
  cohort,
}: {
  attempt: Attempt
  rubric: RubricPoint[]
  cohort: Cohort
}) {
  const client = useQueryClient()
  const [marks, setMarks] = useState(() => marksOf(rubric, attempt.review?.marks ?? {}))
  const [comment, setComment] = useState(attempt.review?.comment ?? '')
  const save = useMutation({
    mutationFn: () => call('reviewAttempt', { params: { attempt: attempt.id }, body: { marks, comment } }),
    onSuccess: () => void forgetQuestion(client, cohort.id, cohort.course),
  })
  const complete = everyPointMarked(rubric, marks)
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <MarksInput
        rubric={rubric}
        marks={marks}
        onMarks={(next) => {
          setMarks(next)
          save.reset()
        }}
        others={attempt.selfMarks && { by: 'by the learner', marks: attempt.selfMarks }}
      />
      <Textarea
        label="Comment"
        description="What the learner should take from it."
        value={comment}
        onChange={(event) => {
          setComment(event.currentTarget.value)
          save.reset()
        }}
        autosize
        minRows={3}
        maxLength={5000}
      />
      <div className={classes.formFoot}>
        <Button type="submit" disabled={!complete} loading={save.isPending}>
          Save review
        </Button>
        <output className={classes.dim}>
          {!complete && 'Mark every point to save.'}
          {complete && !save.data && `By these marks ${percent(rubricPercent(rubric, marks))}`}
          {save.data && 'Review saved'}
        </output>
      </div>
      {save.error && <ErrorState title="The review was not saved" error={save.error} />}
    </form>
  )
}

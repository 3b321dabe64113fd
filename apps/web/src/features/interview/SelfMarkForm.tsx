import type { Attempt, Cohort, RubricPoint } from '@cooperage/contracts'
import { rubricPercent } from '@cooperage/domain'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/index.js'
import { ErrorState, RelativeTime } from '../../ui/index.js'
import classes from './interview.module.css'
import { everyPointMarked, marksOf, MarksInput } from './Marks.js'
import { forgetQuestion } from './queries.js'
import { percent } from './wording.js'

/** The learner's own marks for an attempt. */
export function SelfMarkForm({
  attempt,
  rubric,
  cohort,
}: {
  attempt: Attempt
  rubric: RubricPoint[]
  cohort: Cohort
}) {
  const client = useQueryClient()
  const [marks, setMarks] = useState(() => marksOf(rubric, attempt.selfMarks ?? {}))
  const save = useMutation({
    mutationFn: () => call('selfMark', { params: { attempt: attempt.id }, body: { selfMarks: marks } }),
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
      />
      <div className={classes.formFoot}>
        <Button type="submit" disabled={!complete} loading={save.isPending}>
          Save marks
        </Button>
        <output className={classes.dim}>
          {!complete && 'Mark every point: did your answer say it?'}
          {complete && !save.data && `By these marks ${percent(rubricPercent(rubric, marks))}`}
          {save.data && (
            <>
              Saved: {percent(save.data.score)}
              {save.data.due && (
                <>
                  , comes back <RelativeTime at={save.data.due} />
                </>
              )}
            </>
          )}
        </output>
      </div>
      {save.error && <ErrorState title="Your marks were not saved" error={save.error} />}
    </form>
  )
}

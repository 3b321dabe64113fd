import type { Cohort } from '@cooperage/contracts'
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/index.js'
import { ErrorState } from '../../ui/index.js'
import { useAnswerDraft } from './answer-draft.js'
import classes from './interview.module.css'
import { forgetQuestion } from './queries.js'
import { wordCount } from './wording.js'

const maxLength = 20_000

/** Where an answer is written; the draft stays in this browser until the API has taken it. */
export function AnswerForm({
  question,
  cohort,
  user,
  again,
  onSubmitted,
}: {
  question: string
  cohort: Cohort
  user: string
  /** There is an attempt already. */
  again: boolean
  onSubmitted: (attempt: string) => void
}) {
  const client = useQueryClient()
  const draft = useAnswerDraft(`cooperage:answer:${user}:${cohort.id}:${question}`)
  const submit = useMutation({
    mutationFn: (answer: string) =>
      call('createAttempt', { params: { cohort: cohort.id, question }, body: { answer } }),
    onSuccess: async ({ id }) => {
      draft.write('')
      await forgetQuestion(client, cohort.id, cohort.course)
      onSubmitted(id)
    },
  })
  const words = wordCount(draft.text)
  const send = () => {
    if (words > 0 && !submit.isPending) submit.mutate(draft.text)
  }
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Textarea
        label="Your answer"
        description={
          again
            ? 'Once more from memory; your earlier attempts stay.'
            : 'As you would say it in an interview. The rubric comes after you submit.'
        }
        value={draft.text}
        onChange={(event) => draft.write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          send()
        }}
        autosize
        minRows={7}
        maxRows={24}
        maxLength={maxLength}
      />
      <div className={classes.formFoot}>
        <Button
          type="submit"
          disabled={words === 0}
          loading={submit.isPending}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          Submit answer
        </Button>
        <span className={classes.dim}>
          {words} {words === 1 ? 'word' : 'words'}
          {draft.text.length > maxLength * 0.9 && `, ${maxLength - draft.text.length} characters left`}
          {words > 0 &&
            (draft.kept
              ? ' · draft saved in this browser'
              : ' · draft not saved: this browser does not allow it')}
        </span>
      </div>
      {submit.error && <ErrorState title="Your answer was not submitted" error={submit.error} />}
    </form>
  )
}

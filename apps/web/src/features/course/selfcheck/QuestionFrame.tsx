import { Button, Group } from '@mantine/core'
import { useId, type FormEvent, type ReactNode } from 'react'
import { InlineCode, StatusBadge } from '../../../ui/index.js'
import classes from './selfcheck.module.css'

/** Null: not answered yet. */
export type Verdict = 'right' | 'wrong' | null

/** What the five kinds share: prompt, the button, the verdict with its explanation, another try. */
export function QuestionFrame({
  prompt,
  explain,
  verdict,
  ready,
  onCheck,
  onAgain,
  children,
}: {
  prompt: string
  explain: string
  verdict: Verdict
  /** Something is answered that can be judged. */
  ready: boolean
  onCheck: () => void
  onAgain: () => void
  children: ReactNode
}) {
  const id = useId()
  const check = (event: FormEvent) => {
    event.preventDefault()
    if (ready && verdict === null) onCheck()
  }
  return (
    <form className={classes.question} onSubmit={check} aria-labelledby={id}>
      <p className={classes.prompt} id={id}>
        <InlineCode text={prompt} />
      </p>
      {children}
      <output>
        {verdict && (
          <div className={classes.feedback} data-verdict={verdict}>
            <StatusBadge tone={verdict === 'right' ? 'good' : 'bad'}>
              {verdict === 'right' ? 'Right' : 'Not quite'}
            </StatusBadge>
            <p>
              <InlineCode text={explain} />
            </p>
          </div>
        )}
      </output>
      <Group mt="sm">
        {verdict === null ? (
          <Button type="submit" size="xs" variant="light" disabled={!ready}>
            Check answer
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={onAgain}>
            Try again
          </Button>
        )}
      </Group>
    </form>
  )
}

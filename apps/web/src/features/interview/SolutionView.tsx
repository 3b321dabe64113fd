import type { Question } from '@cooperage/contracts'
import { lazy, Suspense } from 'react'
import { Card, Prose } from '../../ui/index.js'
import classes from './interview.module.css'

// Follow-ups come as Markdown; its parser is loaded by those who open one.
const Markdown = lazy(() => import('react-markdown'))

/** The strong answer and the follow-up questions, and `withRubric` the rubric too, each opened by whoever wants to see it. */
export function SolutionView({
  solution,
  withRubric = false,
}: {
  solution: NonNullable<Question['solution']>
  withRubric?: boolean
}) {
  return (
    <Card title="To compare">
      {withRubric && (
        <details className={classes.disclosure}>
          <summary>Rubric</summary>
          <ul className={classes.list}>
            {solution.rubric.map(({ id, text, weight }) => (
              <li key={id} className={classes.row}>
                <span className={classes.rowTitle}>{text}</span>
                <span className={classes.dim}>weight {weight}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <details className={classes.disclosure}>
        <summary>Strong answer</summary>
        <Prose html={solution.strongAnswerHtml} />
      </details>
      <h3 className={classes.subhead}>Follow-up questions</h3>
      {solution.followUps.map(({ prompt, answer }) => (
        <details key={prompt} className={classes.disclosure}>
          <summary>{prompt}</summary>
          <Prose>
            <Suspense fallback={<p>{answer}</p>}>
              <Markdown>{answer}</Markdown>
            </Suspense>
          </Prose>
        </details>
      ))}
    </Card>
  )
}

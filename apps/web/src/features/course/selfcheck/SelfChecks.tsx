import { Stack, Text, Title } from '@mantine/core'
import type { SelfCheckQuestion } from '@cooperage/contracts'
import { ChoiceQuestion } from './ChoiceQuestion.js'
import { OrderQuestion } from './OrderQuestion.js'
import { TextQuestion } from './TextQuestion.js'
import classes from './selfcheck.module.css'

/** Questions at the end of a lesson: answered for oneself, explained at once, stored nowhere. */
export function SelfChecks({ questions }: { questions: readonly SelfCheckQuestion[] }) {
  if (questions.length === 0) return null
  return (
    <section className={classes.section} aria-labelledby="self-check">
      <Title order={2} size="h3" id="self-check">
        Check yourself
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Only for you: nothing is stored or graded.
      </Text>
      <Stack>
        {questions.map((question) => (
          <Question key={question.prompt} question={question} />
        ))}
      </Stack>
    </section>
  )
}

function Question({ question }: { question: SelfCheckQuestion }) {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return <ChoiceQuestion question={question} />
    case 'order':
      return <OrderQuestion question={question} />
    case 'fill':
    case 'output':
      return <TextQuestion question={question} />
  }
}

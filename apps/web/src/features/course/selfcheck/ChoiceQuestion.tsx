import { Checkbox, Radio, Stack } from '@mantine/core'
import type { SelfCheckQuestion } from '@cooperage/contracts'
import { useId, useState } from 'react'
import { InlineCode } from '../../../ui/index.js'
import { judgeChoice } from './judge.js'
import { QuestionFrame, type Verdict } from './QuestionFrame.js'

type Choice = Extract<SelfCheckQuestion, { kind: 'single' | 'multiple' }>

export function ChoiceQuestion({ question }: { question: Choice }) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [verdict, setVerdict] = useState<Verdict>(null)
  const name = useId()
  const single = question.kind === 'single'
  const choose = (index: number, on: boolean) => {
    const next = new Set(single ? [] : chosen)
    if (on) next.add(index)
    else next.delete(index)
    setChosen(next)
    setVerdict(null)
  }
  const Option = single ? Radio : Checkbox
  return (
    <QuestionFrame
      prompt={single ? question.prompt : `${question.prompt} (more than one may be right)`}
      explain={question.explain}
      verdict={verdict}
      ready={chosen.size > 0}
      onCheck={() => setVerdict(judgeChoice(question, chosen) ? 'right' : 'wrong')}
      onAgain={() => {
        setChosen(new Set())
        setVerdict(null)
      }}
    >
      <Stack gap="xs">
        {question.options.map((option, index) => (
          <Option
            key={option.text}
            name={name}
            checked={chosen.has(index)}
            onChange={(event) => choose(index, event.currentTarget.checked)}
            label={<InlineCode text={option.text} />}
          />
        ))}
      </Stack>
    </QuestionFrame>
  )
}

import { Code, Textarea, TextInput } from '@mantine/core'
import type { SelfCheckQuestion } from '@cooperage/contracts'
import { useState } from 'react'
import { judgeText } from './judge.js'
import { QuestionFrame, type Verdict } from './QuestionFrame.js'

type Text = Extract<SelfCheckQuestion, { kind: 'fill' | 'output' }>

export function TextQuestion({ question }: { question: Text }) {
  const [answer, setAnswer] = useState('')
  const [verdict, setVerdict] = useState<Verdict>(null)
  const change = (value: string) => {
    setAnswer(value)
    setVerdict(null)
  }
  const field = {
    value: answer,
    autoComplete: 'off',
    autoCapitalize: 'off',
    spellCheck: false,
    styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } },
  }
  const lines = Math.max(...question.answers.map((one) => one.trim().split('\n').length))
  return (
    <QuestionFrame
      prompt={question.prompt}
      explain={question.explain}
      verdict={verdict}
      ready={answer.trim() !== ''}
      onCheck={() => setVerdict(judgeText(question, answer) ? 'right' : 'wrong')}
      onAgain={() => change('')}
    >
      {question.kind === 'output' && (
        <Code block mb="sm" tabIndex={0}>
          {question.code}
        </Code>
      )}
      {lines > 1 ? (
        <Textarea
          {...field}
          label="Your answer"
          rows={lines}
          onChange={(event) => change(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...field}
          label={question.kind === 'output' ? 'What it prints' : 'Your answer'}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
    </QuestionFrame>
  )
}

import { ActionIcon } from '@mantine/core'
import type { SelfCheckQuestion } from '@cooperage/contracts'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useState } from 'react'
import { InlineCode } from '../../../ui/index.js'
import { judgeOrder, shuffled } from './judge.js'
import { QuestionFrame, type Verdict } from './QuestionFrame.js'
import classes from './selfcheck.module.css'

/** Items are moved with buttons, which work the same with a mouse, a finger and a keyboard. */
export function OrderQuestion({ question }: { question: Extract<SelfCheckQuestion, { kind: 'order' }> }) {
  const [order, setOrder] = useState(() => shuffled(question.items))
  const [verdict, setVerdict] = useState<Verdict>(null)
  const move = (place: number, by: -1 | 1) => {
    const next = [...order]
    const [item] = next.splice(place, 1)
    if (item === undefined) return
    next.splice(place + by, 0, item)
    setOrder(next)
    setVerdict(null)
  }
  return (
    <QuestionFrame
      prompt={question.prompt}
      explain={question.explain}
      verdict={verdict}
      ready
      onCheck={() => setVerdict(judgeOrder(question, order) ? 'right' : 'wrong')}
      onAgain={() => {
        setOrder(shuffled(question.items))
        setVerdict(null)
      }}
    >
      <ol className={classes.order}>
        {order.map((original, place) => {
          const text = question.items[original] ?? ''
          return (
            <li key={original}>
              <span className={classes.orderText}>
                <InlineCode text={text} />
              </span>
              <ActionIcon
                variant="default"
                aria-label={`Move up: ${text}`}
                disabled={place === 0}
                onClick={() => move(place, -1)}
              >
                <IconArrowUp size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="default"
                aria-label={`Move down: ${text}`}
                disabled={place === order.length - 1}
                onClick={() => move(place, 1)}
              >
                <IconArrowDown size={16} aria-hidden />
              </ActionIcon>
            </li>
          )
        })}
      </ol>
    </QuestionFrame>
  )
}

import type { SubmissionSummary } from '@cooperage/contracts'
import { StatusBadge } from '../../ui/index.js'
import { points } from './duration.js'

/** How an attempt stands or ended, in a word. */
export function AttemptBadge({
  attempt,
}: {
  attempt: Pick<SubmissionSummary, 'status' | 'score' | 'maxScore'>
}) {
  const { status, score, maxScore } = attempt
  switch (status) {
    case 'queued':
      return <StatusBadge tone="busy">In the queue</StatusBadge>
    case 'running':
      return <StatusBadge tone="busy">Grading</StatusBadge>
    case 'error':
      return <StatusBadge tone="warn">Not graded</StatusBadge>
    case 'cancelled':
      return <StatusBadge tone="quiet">Cancelled</StatusBadge>
    case 'graded': {
      const tone = score === maxScore ? 'good' : (score ?? 0) > 0 ? 'warn' : 'bad'
      return (
        <StatusBadge tone={tone}>
          {points(score ?? 0)} of {points(maxScore)}
        </StatusBadge>
      )
    }
  }
}

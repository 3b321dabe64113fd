import type { Stage, Submission } from '@cooperage/contracts'
import { points } from './duration.js'

export const stageWords: Record<Stage, string> = {
  queued: 'In the queue',
  preparing: 'Preparing a container',
  exec: 'Running your files',
  script: 'Looking at the result',
  finishing: 'Adding up',
  retrying: 'Trying again',
}

/** One line about how far a submission is; read out as it changes, so it holds no ticking time. */
export function summary(submission: Submission, stage: Stage | undefined, checkCount: number): string {
  const { status, checks, score, maxScore, queuePosition } = submission
  switch (status) {
    case 'queued':
      return queuePosition === undefined ? 'In the queue' : `In the queue, place ${queuePosition}`
    case 'running': {
      const done =
        checks.length > 0 ? `: ${checks.length} of ${Math.max(checkCount, checks.length)} checks done` : ''
      return `${stage && stage !== 'queued' ? stageWords[stage] : 'Grading'}${done}`
    }
    case 'graded': {
      const failed = checks.filter((check) => check.status === 'failed').length
      const all = failed === 0 && checks.every((check) => check.status === 'passed')
      return `${points(score ?? 0)} of ${points(maxScore)} points. ${
        all ? 'Every check passes.' : `${failed} ${failed === 1 ? 'check' : 'checks'} failed.`
      }`
    }
    case 'error':
      return 'Not graded: the lab host had a fault'
    case 'cancelled':
      return 'Cancelled before it was graded'
  }
}

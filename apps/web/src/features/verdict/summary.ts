import type { Stage, Submission } from '@cooperage/contracts'
import { ordinal, points, roughly } from './duration.js'

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
  const { status, checks, score, maxScore, queuePosition, startsInSeconds } = submission
  switch (status) {
    case 'queued':
      return [
        queuePosition === undefined ? 'In the queue' : `${ordinal(queuePosition)} in the queue`,
        startsInSeconds !== undefined && `about ${roughly(startsInSeconds)}`,
      ]
        .filter(Boolean)
        .join(', ')
    case 'running': {
      const done =
        checks.length > 0 ? `: ${checks.length} of ${Math.max(checkCount, checks.length)} checks done` : ''
      return `${stage && stage !== 'queued' ? stageWords[stage] : 'Grading'}${done}`
    }
    case 'graded': {
      const count = (wanted: (typeof checks)[number]['status']) =>
        checks.filter((check) => check.status === wanted).length
      const [failed, skipped, faulty] = [count('failed'), count('skipped'), count('error')]
      const parts = [
        failed > 0 && `${failed} ${failed === 1 ? 'check' : 'checks'} failed`,
        skipped > 0 && `${skipped} skipped`,
        faulty > 0 && `${faulty} could not be judged`,
      ].filter(Boolean)
      return `${points(score ?? 0)} of ${points(maxScore)} ${maxScore === 1 ? 'point' : 'points'}. ${
        parts.length === 0 ? 'Every check passes' : parts.join(', ')
      }.`
    }
    case 'error':
      return 'Not graded: the lab host had a fault'
    case 'cancelled':
      return 'Cancelled before it was graded'
  }
}

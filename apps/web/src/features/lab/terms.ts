import type { Schedule, SubmissionSummary } from '@cooperage/contracts'
import { effectiveDates, isLate, refusal, type Refusal } from '@cooperage/domain'

export interface Terms {
  dates: ReturnType<typeof effectiveDates>
  /** Null: no limit, or not all attempts are known. */
  attemptsLeft: number | null
  /** Why a submission would be refused now; null when it would be taken. */
  refused: string | null
  late: boolean
}

const refusals: Record<Refusal, string> = {
  lab_not_open: 'This lab is not open yet.',
  lab_closed: 'This lab is closed: no more attempts are taken.',
  attempts_used_up: 'You have used all your attempts.',
}

/** What holds for the caller now. `schedule` has their extension in it already; `complete`: no attempt is missing from `attempts`. */
export function termsOf(
  schedule: Schedule,
  attempts: readonly Pick<SubmissionSummary, 'status'>[],
  complete: boolean,
  now: Date,
): Terms {
  const dates = effectiveDates(schedule, null)
  const used = attempts.filter(({ status }) => status !== 'error' && status !== 'cancelled').length
  const reason = refusal(dates, now, used)
  return {
    dates,
    attemptsLeft: dates.maxAttempts === null || !complete ? null : Math.max(0, dates.maxAttempts - used),
    refused: reason && refusals[reason],
    late: isLate(dates, now),
  }
}

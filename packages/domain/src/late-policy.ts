import type { LatePolicy, Schedule } from '@cooperage/contracts'

const dayMs = 24 * 60 * 60 * 1000

export interface Dates {
  opensAt: Date | null
  dueAt: Date | null
  closesAt: Date | null
  maxAttempts: number | null
  late: LatePolicy
}

/** The dates that hold for one learner; an extension moves the due date, and the close when it would come before it. */
export function effectiveDates(schedule: Schedule | null, extendedTo: Date | null): Dates {
  const at = (value: string | null | undefined) => (value ? new Date(value) : null)
  const dueAt = extendedTo ?? at(schedule?.dueAt)
  const closesAt = at(schedule?.closesAt)
  return {
    opensAt: at(schedule?.opensAt),
    dueAt,
    closesAt: extendedTo && closesAt && closesAt < extendedTo ? extendedTo : closesAt,
    maxAttempts: schedule?.maxAttempts ?? null,
    late: schedule?.late ?? { kind: 'accept' },
  }
}

export type Refusal = 'lab_not_open' | 'lab_closed' | 'attempts_used_up'

/** Null when a submission is taken now. `attempts` counts those that cost one: graded or still under way, not `error`. */
export function refusal(dates: Dates, now: Date, attempts: number): Refusal | null {
  if (dates.opensAt && now < dates.opensAt) return 'lab_not_open'
  if (dates.closesAt && now >= dates.closesAt) return 'lab_closed'
  if (dates.late.kind === 'refuse' && isLate(dates, now)) return 'lab_closed'
  if (dates.maxAttempts !== null && attempts >= dates.maxAttempts) return 'attempts_used_up'
  return null
}

export const isLate = (dates: Pick<Dates, 'dueAt'>, submittedAt: Date): boolean =>
  dates.dueAt !== null && submittedAt > dates.dueAt

/** The score that counts, after the late policy. */
export function scoreAfterPolicy(dates: Dates, submittedAt: Date, score: number): number {
  if (!dates.dueAt || !isLate(dates, submittedAt) || dates.late.kind !== 'penalty') return score
  const days = Math.ceil((submittedAt.getTime() - dates.dueAt.getTime()) / dayMs)
  return Math.round(score * Math.max(0, 1 - (days * dates.late.percentPerDay) / 100) * 100) / 100
}

import type { Attempt, QuestionSummary } from '@cooperage/contracts'

export const levelWords: Record<QuestionSummary['level'], string> = {
  junior: 'Junior',
  senior: 'Senior',
  staff: 'Staff',
}
export const levels = ['junior', 'senior', 'staff'] as const

export const wordCount = (text: string): number => text.match(/\S+/g)?.length ?? 0

/** A score in percent, without needless decimals. */
export const percent = (score: number): string => `${Math.round(score * 10) / 10} %`

export const markWords = (mark: number | undefined): string => {
  if (mark === undefined) return 'not marked'
  if (mark === 0) return 'none'
  if (mark === 0.5) return 'half'
  return mark === 1 ? 'full' : percent(mark * 100)
}

/** How far the marking of an attempt is, in a word and a tone. */
export function standing(attempt: Pick<Attempt, 'score' | 'review'>): {
  tone: 'good' | 'warn' | 'bad' | 'quiet'
  text: string
} {
  if (attempt.score === null) return { tone: 'quiet', text: 'Not marked' }
  const tone = attempt.score >= 75 ? 'good' : attempt.score >= 40 ? 'warn' : 'bad'
  return { tone, text: `${percent(attempt.score)}${attempt.review ? ', reviewed' : ''}` }
}

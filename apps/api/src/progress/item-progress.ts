import type { ItemProgress } from '@cooperage/contracts'
import type { CourseItem } from '../courses/index.js'

export interface LessonRow {
  userId: string
  id: string
  at: Date
}
export interface LabRow {
  userId: string
  id: string
  attempts: number
  bestScore: number | null
  maxScore: number
  lastAt: Date | null
  done: boolean
}
export interface QuestionRow {
  userId: string
  id: string
  attempts: number
  bestPercent: number | null
  lastAt: Date
}
/** What is stored of one learner, by item. */
export interface LearnerRows {
  lessons: ReadonlyMap<string, LessonRow>
  labs: ReadonlyMap<string, LabRow>
  questions: ReadonlyMap<string, QuestionRow>
}

const percent = 100

/** The highest score that a cell can show: points of a lab, percent of a question, nothing for a lesson. */
export const maxScoreOfItem = (item: CourseItem): number | null =>
  item.kind === 'question' ? percent : item.maxScore

/** One cell: what a learner did with an item. */
export function itemProgress(item: CourseItem, rows: LearnerRows): ItemProgress {
  const base = { kind: item.kind, id: item.id, maxScore: maxScoreOfItem(item) }
  switch (item.kind) {
    case 'lesson': {
      const row = rows.lessons.get(item.id)
      const status = row ? 'done' : 'untouched'
      return { ...base, status, score: null, attempts: 0, lastAt: iso(row?.at) }
    }
    case 'lab': {
      const row = rows.labs.get(item.id)
      if (!row) return { ...base, status: 'untouched', score: null, attempts: 0, lastAt: null }
      const { attempts, bestScore: score, maxScore, lastAt } = row
      const status = row.done ? 'done' : lastAt ? 'started' : 'untouched'
      return { ...base, status, score, maxScore, attempts, lastAt: iso(lastAt) }
    }
    case 'question': {
      const row = rows.questions.get(item.id)
      if (!row || row.attempts === 0)
        return { ...base, status: 'untouched', score: null, attempts: 0, lastAt: null }
      const status = row.bestPercent === null ? 'started' : 'done'
      return { ...base, status, score: row.bestPercent, attempts: row.attempts, lastAt: iso(row.lastAt) }
    }
  }
}

const iso = (date: Date | null | undefined): string | null => date?.toISOString() ?? null

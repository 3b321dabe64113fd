import type { Attempt, RubricPoint, Solution } from '@cooperage/contracts'
import type { QuestionContent } from '../courses/index.js'

type Marks = Record<string, number>

/** An attempt as a query reads it, with the names of its people. */
export interface AttemptRow {
  id: string
  cohort_id: string
  question: string
  learner_id: string
  learner_name: string
  answer: string
  rubric: RubricPoint[]
  created_at: Date
  self_marks: Marks | null
  self_score: number | null
  review_marks: Marks | null
  review_score: number | null
  review_comment: string | null
  reviewer_name: string | null
  reviewed_at: Date | null
}

export const attemptView = (row: AttemptRow): Attempt => ({
  id: row.id,
  cohort: row.cohort_id,
  question: row.question,
  learner: { id: row.learner_id, name: row.learner_name },
  answer: row.answer,
  at: row.created_at.toISOString(),
  selfMarks: row.self_marks,
  selfScore: row.self_score,
  review:
    row.review_marks !== null && row.review_score !== null && row.reviewed_at !== null
      ? {
          reviewer: row.reviewer_name ?? '',
          marks: row.review_marks,
          comment: row.review_comment ?? '',
          score: row.review_score,
          at: row.reviewed_at.toISOString(),
        }
      : null,
  score: row.review_score ?? row.self_score,
})

/** For those who attempted the question, and for staff. */
export const solutionView = (question: QuestionContent): Solution => ({
  rubric: question.rubric,
  strongAnswer: question.answer,
  strongAnswerHtml: question.answerHtml,
  followUps: question.followUps,
})

/** Marks for points that the rubric does not have, as paths below `field`. */
export const strangeMarks = (
  rubric: readonly RubricPoint[],
  marks: Marks,
  field: string,
): { path: string; message: string }[] => {
  const ids = new Set(rubric.map((point) => point.id))
  return Object.keys(marks)
    .filter((id) => !ids.has(id))
    .map((id) => ({ path: `${field}.${id}`, message: 'not a point of the rubric of this question' }))
}

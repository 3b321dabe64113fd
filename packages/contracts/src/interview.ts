import { z } from 'zod'
import { route } from './route.js'
import { SubmissionsQuery } from './submissions.js'
import { FollowUp, QuestionLevel, RubricPoint } from './course-format.js'
import { Id, Instant, Slug, pageOf } from './primitives.js'

/** A mark for each rubric point: 0 (not said) to 1 (said). */
export const Marks = z.record(Slug, z.number().min(0).max(1))

export const Review = z.object({
  reviewer: z.string(),
  marks: Marks,
  comment: z.string(),
  /** Percent of the weights. */
  score: z.number(),
  at: Instant,
})
export const Attempt = z.object({
  id: Id,
  cohort: Id,
  question: Slug,
  learner: z.object({ id: Id, name: z.string() }),
  answer: z.string(),
  at: Instant,
  selfMarks: Marks.nullable(),
  /** Percent of the weights by self-marking; null until marked. */
  selfScore: z.number().nullable(),
  review: Review.nullable(),
  /** The review's score where there is one, else the self-marked. */
  score: z.number().nullable(),
})
export type Attempt = z.infer<typeof Attempt>

/** What is only shown to those who attempted the question, and to staff. */
export const Solution = z.object({
  rubric: z.array(RubricPoint),
  strongAnswer: z.string(),
  strongAnswerHtml: z.string(),
  followUps: z.array(FollowUp),
})
export type Solution = z.infer<typeof Solution>

export const Question = z.object({
  id: Slug,
  course: Slug,
  module: z.object({ id: Slug, title: z.string() }),
  title: z.string(),
  level: QuestionLevel,
  topics: z.array(Slug),
  prompt: z.string(),
  promptHtml: z.string(),
  teaches: z.array(z.object({ kind: z.enum(['lesson', 'lab', 'question']), id: Slug, title: z.string() })),
  /** Null until the caller has attempted it (never null for staff). */
  solution: Solution.nullable(),
})
export type Question = z.infer<typeof Question>

export const CreateAttemptBody = z.strictObject({ answer: z.string().trim().min(1).max(20_000) })
export const CreatedAttempt = Solution.extend({ id: Id })
export const SelfMarkBody = z.strictObject({ selfMarks: Marks })
export const SelfMarked = z.object({ score: z.number(), due: Instant.optional() })
export const ReviewBody = z.strictObject({ marks: Marks, comment: z.string().trim().max(5000) })

/** Routes of this part of the contract. */
export const interviewRoutes = {
  getQuestion: route({
    method: 'GET',
    path: '/courses/:course/questions/:question',
    who: 'course-reader',
    status: 200,
    summary: 'An interview question; rubric and answer only after the first attempt',
    response: Question,
  }),
  createAttempt: route({
    method: 'POST',
    path: '/cohorts/:cohort/questions/:question/attempts',
    who: 'cohort-submitter',
    status: 201,
    summary: 'Answer an interview question; the answer shows rubric and strong answer',
    body: CreateAttemptBody,
    response: CreatedAttempt,
  }),
  listAttempts: route({
    method: 'GET',
    path: '/cohorts/:cohort/questions/:question/attempts',
    who: 'cohort-member',
    status: 200,
    summary: 'Attempts, newest first; learners see their own',
    query: SubmissionsQuery,
    response: pageOf(Attempt),
  }),
  getAttempt: route({
    method: 'GET',
    path: '/attempts/:attempt',
    who: 'attempt-reader',
    status: 200,
    summary: 'An attempt with its marks and its review',
    response: Attempt,
  }),
  selfMark: route({
    method: 'PATCH',
    path: '/attempts/:attempt',
    who: 'attempt-owner',
    status: 200,
    summary: 'Mark own attempt by the rubric',
    body: SelfMarkBody,
    response: SelfMarked,
  }),
  reviewAttempt: route({
    method: 'PATCH',
    path: '/attempts/:attempt/review',
    who: 'attempt-staff',
    status: 200,
    summary: 'Marks and a comment by staff; both scores are kept',
    body: ReviewBody,
    response: Attempt,
  }),
}

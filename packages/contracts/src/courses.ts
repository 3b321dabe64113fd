import { z } from 'zod'
import { route } from './route.js'
import { CheckVisibility, ItemKind, LabLimits, QuestionLevel, SelfCheckQuestion } from './course-format.js'
import { Slug, PageQuery, pageOf } from './primitives.js'

export const CourseSummary = z.object({
  id: Slug,
  title: z.string(),
  summary: z.string(),
  language: z.string(),
  modules: z.number().int(),
  lessons: z.number().int(),
  labs: z.number().int(),
  questions: z.number().int(),
})
export type CourseSummary = z.infer<typeof CourseSummary>

export const CourseItem = z.object({
  kind: ItemKind,
  id: Slug,
  title: z.string(),
  /** Expected time; null for questions. */
  minutes: z.number().int().nullable(),
  /** Labs: the sum of the checks' points. */
  maxScore: z.number().int().nullable(),
})
export type CourseItem = z.infer<typeof CourseItem>
export const Course = CourseSummary.omit({ modules: true }).extend({
  /** Content hash of the revision that is served. */
  revision: z.string(),
  modules: z.array(
    z.object({
      id: Slug,
      title: z.string(),
      summary: z.string(),
      hours: z.number(),
      items: z.array(CourseItem),
    }),
  ),
})
export type Course = z.infer<typeof Course>

const ItemLink = z.object({ kind: ItemKind, id: Slug, title: z.string() })
export const Lesson = z.object({
  id: Slug,
  course: Slug,
  module: z.object({ id: Slug, title: z.string() }),
  title: z.string(),
  minutes: z.number().int(),
  objectives: z.array(z.string()),
  sources: z.array(z.string()),
  /** Sanitised HTML, code already highlighted. */
  html: z.string(),
  markdown: z.string(),
  headings: z.array(z.object({ depth: z.number().int(), id: z.string(), text: z.string() })),
  check: z.array(SelfCheckQuestion),
  previous: ItemLink.nullable(),
  next: ItemLink.nullable(),
})
export type Lesson = z.infer<typeof Lesson>

export const FileEncoding = z.enum(['utf8', 'base64'])
/** A file on the wire: text as utf8, anything else as base64. */
export const WireFile = z.strictObject({
  path: z.string(),
  content: z.string(),
  encoding: FileEncoding.default('utf8'),
})
export type WireFile = z.infer<typeof WireFile>

export const LabCheck = z.object({
  id: Slug,
  title: z.string(),
  points: z.number().int(),
  visibility: CheckVisibility,
  needs: z.array(Slug),
})
export const Lab = z.object({
  id: Slug,
  course: Slug,
  module: z.object({ id: Slug, title: z.string() }),
  title: z.string(),
  summary: z.string(),
  difficulty: z.enum(['intro', 'core', 'advanced']),
  minutes: z.number().int(),
  mode: z.enum(['files', 'live']),
  revision: z.string(),
  instructionsHtml: z.string(),
  instructionsMarkdown: z.string(),
  /** Globs of what may be submitted. */
  files: z.array(z.string()),
  /** `editable`: matches `files`; the others are there at grading, read-only here. */
  starter: z.array(WireFile.extend({ editable: z.boolean() })),
  checks: z.array(LabCheck),
  maxScore: z.number().int(),
  timeoutSeconds: z.number(),
  limits: LabLimits,
  engine: z.enum(['none', 'docker']),
  /** Null when submissions are taken; else why not yet, in words for the learner. */
  unavailable: z.string().nullable(),
  previous: ItemLink.nullable(),
  next: ItemLink.nullable(),
})
export type Lab = z.infer<typeof Lab>

export const QuestionSummary = z.object({
  id: Slug,
  module: z.object({ id: Slug, title: z.string() }),
  title: z.string(),
  level: QuestionLevel,
  topics: z.array(Slug),
  attempts: z.number().int(),
  /** Best score of the caller's attempts in percent; null before the first is marked. */
  bestPercent: z.number().nullable(),
})
export type QuestionSummary = z.infer<typeof QuestionSummary>

/** Routes of this part of the contract. */
export const coursesRoutes = {
  listCourses: route({
    method: 'GET',
    path: '/courses',
    who: 'signed-in',
    status: 200,
    summary: 'Courses the caller may read',
    query: PageQuery,
    response: pageOf(CourseSummary),
  }),
  getCourse: route({
    method: 'GET',
    path: '/courses/:course',
    who: 'course-reader',
    status: 200,
    summary: 'A course with its modules and items',
    response: Course,
  }),
  getLesson: route({
    method: 'GET',
    path: '/courses/:course/lessons/:lesson',
    who: 'course-reader',
    status: 200,
    summary: 'A lesson',
    response: Lesson,
  }),
  getLab: route({
    method: 'GET',
    path: '/courses/:course/labs/:lab',
    who: 'course-reader',
    status: 200,
    summary: 'A lab: instructions, starter, checks',
    response: Lab,
  }),
  listQuestions: route({
    method: 'GET',
    path: '/courses/:course/questions',
    who: 'course-reader',
    status: 200,
    summary: 'Interview questions, without rubric and answer',
    query: PageQuery,
    response: pageOf(QuestionSummary),
  }),
}

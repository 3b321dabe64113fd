import { z } from 'zod'
import { route } from './route.js'
import { ItemKind } from './course-format.js'
import {
  CohortRole,
  Email,
  GivenInstant,
  Id,
  Instant,
  PersonName,
  Slug,
  PageQuery,
  pageOf,
} from './primitives.js'

export const CreateCohortBody = z
  .strictObject({
    course: Slug,
    name: z.string().trim().min(1).max(120),
    startsAt: GivenInstant.optional(),
    endsAt: GivenInstant.optional(),
  })
  .refine((c) => !c.startsAt || !c.endsAt || c.startsAt < c.endsAt, {
    message: 'endsAt is after startsAt',
    path: ['endsAt'],
  })
export const CreatedCohort = z.object({ id: Id, joinCode: z.string() })
export const Cohort = z.object({
  id: Id,
  name: z.string(),
  course: Slug,
  courseTitle: z.string(),
  startsAt: Instant.nullable(),
  endsAt: Instant.nullable(),
  role: CohortRole,
  learners: z.number().int(),
  /** Staff only; null for learners. */
  joinCode: z.string().nullable(),
})
export type Cohort = z.infer<typeof Cohort>

export const JoinBody = z.strictObject({ code: z.string().trim().min(4).max(40) })
export const JoinResponse = z.object({ cohortId: Id })

export const RosterRow = z.object({ email: Email, name: PersonName, section: z.string().max(80).optional() })
export const RosterQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') })
export const RosterResult = z.object({
  created: z.number().int(),
  enrolled: z.number().int(),
  unchanged: z.number().int(),
  errors: z.array(z.object({ row: z.number().int(), message: z.string() })),
})
export const AddStaffBody = z.strictObject({ email: Email, role: z.enum(['instructor', 'assistant']) })
export const Member = z.object({ id: Id, name: z.string(), email: z.string(), role: CohortRole })

export const LatePolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accept') }),
  z.strictObject({ kind: z.literal('refuse') }),
  /** `percentPerDay` of the score is taken for each day begun after the due date. */
  z.strictObject({ kind: z.literal('penalty'), percentPerDay: z.number().min(0).max(100) }),
])
export type LatePolicy = z.infer<typeof LatePolicy>
export const Schedule = z.strictObject({
  opensAt: GivenInstant.nullish(),
  dueAt: GivenInstant.nullish(),
  closesAt: GivenInstant.nullish(),
  maxAttempts: z.number().int().min(1).max(1000).nullish(),
  late: LatePolicy.nullish(),
})
export type Schedule = z.infer<typeof Schedule>
export const ExtensionBody = z.strictObject({
  dueAt: GivenInstant,
  reason: z.string().trim().min(1).max(500),
})

export const LessonProgressBody = z.strictObject({ completed: z.boolean() })
export const LessonProgress = z.object({ lesson: Slug, completed: z.boolean(), at: Instant.nullable() })

/** One cell of a learner's progress. */
export const ItemProgress = z.object({
  kind: ItemKind,
  id: Slug,
  status: z.enum(['untouched', 'started', 'done']),
  /** Labs: best score; questions: best percent of the weights. */
  score: z.number().nullable(),
  maxScore: z.number().nullable(),
  attempts: z.number().int(),
  lastAt: Instant.nullable(),
})
export type ItemProgress = z.infer<typeof ItemProgress>

export const LearnerProgress = z.object({
  learner: z.object({ id: Id, name: z.string(), email: z.string() }),
  /** In the order of `columns`. */
  items: z.array(ItemProgress),
  percent: z.number(),
  lastActiveAt: Instant.nullable(),
  /** Labs with three or more attempts of which none is full, the latest within 14 days. */
  stuckOn: z.array(Slug),
})
export type LearnerProgress = z.infer<typeof LearnerProgress>
export const CohortProgress = z.object({
  columns: z.array(
    z.object({ kind: ItemKind, id: Slug, title: z.string(), module: Slug, maxScore: z.number().nullable() }),
  ),
  items: z.array(LearnerProgress),
  nextCursor: z.string().nullable(),
})
export type CohortProgress = z.infer<typeof CohortProgress>

export const MyProgressQuery = z.strictObject({ cohort: Id })
export const MyProgress = z.object({
  cohort: Id,
  course: Slug,
  items: z.array(ItemProgress),
  percent: z.number(),
  /** Where to go on: the first item that is not done; null when all is. */
  next: z.object({ kind: ItemKind, id: Slug, title: z.string() }).nullable(),
  due: z.array(z.object({ lab: Slug, title: z.string(), dueAt: Instant, done: z.boolean() })),
  recent: z.array(
    z.object({
      submission: Id,
      lab: Slug,
      title: z.string(),
      at: Instant,
      status: z.string(),
      score: z.number().nullable(),
      maxScore: z.number(),
    }),
  ),
})
export type MyProgress = z.infer<typeof MyProgress>

/** Routes of this part of the contract. */
export const cohortsRoutes = {
  listCohorts: route({
    method: 'GET',
    path: '/cohorts',
    who: 'signed-in',
    status: 200,
    summary: 'Cohorts the caller is in (admin: all)',
    query: PageQuery,
    response: pageOf(Cohort),
  }),
  createCohort: route({
    method: 'POST',
    path: '/cohorts',
    who: 'instructor',
    status: 201,
    summary: 'Create a cohort; the caller becomes its instructor',
    body: CreateCohortBody,
    response: CreatedCohort,
  }),
  joinCohort: route({
    method: 'POST',
    path: '/cohorts/join',
    who: 'signed-in',
    status: 200,
    summary: 'Join by code, as learner; again is the same answer',
    body: JoinBody,
    response: JoinResponse,
  }),
  getCohort: route({
    method: 'GET',
    path: '/cohorts/:cohort',
    who: 'cohort-member',
    status: 200,
    summary: 'A cohort',
    response: Cohort,
  }),
  listMembers: route({
    method: 'GET',
    path: '/cohorts/:cohort/members',
    who: 'cohort-staff',
    status: 200,
    summary: 'People of a cohort',
    query: PageQuery,
    response: pageOf(Member),
  }),
  addStaff: route({
    method: 'POST',
    path: '/cohorts/:cohort/staff',
    who: 'cohort-instructor',
    status: 201,
    summary: 'Add a co-instructor or assistant',
    body: AddStaffBody,
    response: Member,
  }),
  cohortProgress: route({
    method: 'GET',
    path: '/cohorts/:cohort/progress',
    who: 'cohort-staff',
    status: 200,
    summary: 'Matrix learners × items, paged by learner',
    query: PageQuery,
    response: CohortProgress,
  }),
  setLessonProgress: route({
    method: 'PUT',
    path: '/cohorts/:cohort/lessons/:lesson/progress',
    who: 'cohort-member',
    status: 200,
    summary: 'Mark a lesson read or unread',
    body: LessonProgressBody,
    response: LessonProgress,
  }),
  myProgress: route({
    method: 'GET',
    path: '/me/progress',
    who: 'signed-in',
    status: 200,
    summary: 'Own progress in a cohort: next, due, recent',
    query: MyProgressQuery,
    response: MyProgress,
  }),
  setSchedule: route({
    method: 'PUT',
    path: '/cohorts/:cohort/labs/:lab/schedule',
    who: 'cohort-instructor',
    status: 200,
    summary: 'Dates, attempts and late policy of a lab',
    body: Schedule,
    response: Schedule,
  }),
  getSchedule: route({
    method: 'GET',
    path: '/cohorts/:cohort/labs/:lab/schedule',
    who: 'cohort-member',
    status: 200,
    summary: 'Dates that hold for the caller',
    response: Schedule,
  }),
}

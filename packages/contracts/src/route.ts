import type { z } from 'zod'

/**
 * Who may call a route. The API maps each to one guard and refuses to start when a route has none.
 * What the caller may not know of answers 404; what they know but may not do, 403.
 */
export type Permission =
  | 'anyone'
  | 'signed-in'
  | 'admin'
  /** Admins and instructors, anywhere. */
  | 'instructor'
  /** In a cohort of the course `:course`, or admin, or instructor. */
  | 'course-reader'
  /** In the cohort `:cohort` in any role, or admin. */
  | 'cohort-member'
  /** Learner (or staff, trying it out) of the cohort `:cohort`. */
  | 'cohort-submitter'
  /** Instructor or assistant of the cohort `:cohort`, or admin. */
  | 'cohort-staff'
  /** Instructor of the cohort `:cohort`, or admin. */
  | 'cohort-instructor'
  /** Owner of the submission `:submission`, staff of its cohort, or admin. */
  | 'submission-reader'
  /** Staff of the cohort of the submission `:submission`, or admin. */
  | 'submission-staff'
  /** Owner of the attempt `:attempt`, staff of its cohort, or admin. */
  | 'attempt-reader'
  /** Owner of the attempt `:attempt`. */
  | 'attempt-owner'
  /** Staff of the cohort of the attempt `:attempt`, or admin. */
  | 'attempt-staff'
  /** The lab host's token. */
  | 'worker'

export interface Route<
  Body extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, parameters as `:name`. */
  path: string
  summary: string
  who: Permission
  /** Of the success answer. */
  status: 200 | 201 | 202 | 204
  body?: Body
  query?: Query
  /** Absent: no body (204), or a body that is not JSON (`produces`). */
  response?: Response
  produces?:
    'text/event-stream' | 'text/csv' | 'text/markdown' | 'application/octet-stream' | 'application/jose'
}

/** Everything is kept as a literal: the names of its parameters, who may call, which schemas it has and which it has not. */
export const route = <const Definition extends Route>(definition: Definition): Definition => definition

/** What a caller sends: the schema's input, with defaults optional; `unknown` where the route has no such schema. */
export type BodyOf<R> = R extends { body: infer B extends z.ZodType } ? z.input<B> : unknown
export type QueryOf<R> = R extends { query: infer Q extends z.ZodType } ? z.input<Q> : unknown
export type ResponseOf<R> = R extends { response: infer S extends z.ZodType } ? z.output<S> : unknown

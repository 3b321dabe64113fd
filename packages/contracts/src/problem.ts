import { z } from 'zod'

/** Every reason an answer of the API can be a problem. The API maps each code to one status. */
export const ProblemCode = z.enum([
  'bad_request',
  'invalid_json',
  'validation_failed',
  'unauthenticated',
  'wrong_credentials',
  'origin_refused',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'not_acceptable',
  'conflict',
  'idempotency_conflict',
  'gone',
  'payload_too_large',
  'unsupported_media_type',
  'path_not_allowed',
  'too_many_files',
  'file_too_large',
  'attempts_used_up',
  'lab_not_open',
  'lab_closed',
  'lab_unavailable',
  'attempt_first',
  'not_graded',
  'too_many_requests',
  'unavailable',
  'internal',
])
export type ProblemCode = z.infer<typeof ProblemCode>

/** RFC 9457, `application/problem+json`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: ProblemCode,
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>

import type { ProblemCode } from '@cooperage/contracts'

/** Which status an answer with this code has. A new code does not compile before it is here. */
export const problemStatus: Record<ProblemCode, number> = {
  bad_request: 400,
  invalid_json: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  origin_refused: 403,
  forbidden: 403,
  lab_not_open: 403,
  lab_closed: 403,
  attempts_used_up: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  idempotency_conflict: 409,
  attempt_first: 409,
  not_graded: 409,
  gone: 410,
  payload_too_large: 413,
  file_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  path_not_allowed: 422,
  too_many_files: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
  lab_unavailable: 503,
}

const problemTitle: Record<ProblemCode, string> = {
  bad_request: 'The request cannot be read',
  invalid_json: 'The body is not JSON',
  unauthenticated: 'Sign in first',
  wrong_credentials: 'E-mail or password is wrong',
  origin_refused: 'The request comes from another site',
  forbidden: 'Not allowed',
  lab_not_open: 'The lab is not open yet',
  lab_closed: 'The lab is closed',
  attempts_used_up: 'No attempts are left',
  not_found: 'Not found',
  method_not_allowed: 'The method is not supported here',
  not_acceptable: 'No representation that you accept',
  conflict: 'It conflicts with what is there',
  idempotency_conflict: 'The idempotency key was used for another request',
  attempt_first: 'Attempt the question first',
  not_graded: 'There is no verdict yet',
  gone: 'No longer there',
  payload_too_large: 'Too large',
  file_too_large: 'A file is too large',
  unsupported_media_type: 'The content type is not supported',
  validation_failed: 'The request is not valid',
  path_not_allowed: 'A path is not allowed',
  too_many_files: 'Too many files',
  too_many_requests: 'Too many requests',
  internal: 'Something went wrong on our side',
  unavailable: 'Not available at the moment',
  lab_unavailable: 'The lab is not available at the moment',
}

export interface ProblemExtras {
  /** For people. Absent: the title of the code. */
  detail?: string
  /** Dotted paths into the request, as in `files.3.path`. */
  errors?: { path: string; message: string }[]
  headers?: Record<string, string>
}

/** An expected failure: `throw new Problem('not_found')`. The one filter makes it `application/problem+json`. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly extras: ProblemExtras = {},
  ) {
    super(extras.detail ?? problemTitle[code])
    this.name = 'Problem'
  }
  get status(): number {
    return problemStatus[this.code]
  }
  get title(): string {
    return problemTitle[this.code]
  }
}

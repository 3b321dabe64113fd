import type { Problem, ProblemCode } from '@cooperage/contracts'
import type { z } from 'zod'

interface Fields {
  status: number
  title: string
  detail: string
  code: ProblemCode | 'unreachable' | 'not_understood'
  requestId: string | null
  errors: { path: string; message: string }[]
  retryAfterSeconds: number | null
}

/** Why a call failed, in words that can be shown. `status` is 0 when no answer came. */
export class ApiProblem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly code: Fields['code']
  readonly requestId: string | null
  /** Of a refused body: where and why; paths as in the contract, `password.next`. */
  readonly errors: readonly { path: string; message: string }[]
  readonly retryAfterSeconds: number | null

  private constructor(fields: Fields) {
    super(fields.detail)
    this.name = 'ApiProblem'
    this.status = fields.status
    this.title = fields.title
    this.detail = fields.detail
    this.code = fields.code
    this.requestId = fields.requestId
    this.errors = fields.errors
    this.retryAfterSeconds = fields.retryAfterSeconds
  }

  static from(problem: Problem, retryAfterSeconds: number | null): ApiProblem {
    return new ApiProblem({ ...problem, errors: problem.errors ?? [], retryAfterSeconds })
  }

  /** An error that something between the page and the API answered, such as a proxy. */
  static fromStatus(status: number, retryAfterSeconds: number | null): ApiProblem {
    return new ApiProblem({
      status,
      title: 'The server could not answer',
      detail: `The server answered with status ${status}. Try again in a moment.`,
      code: status === 429 ? 'too_many_requests' : status >= 500 ? 'unavailable' : 'bad_request',
      requestId: null,
      errors: [],
      retryAfterSeconds,
    })
  }

  static unreachable(): ApiProblem {
    return new ApiProblem({
      status: 0,
      title: 'No connection',
      detail: 'The server cannot be reached. Check your connection and try again.',
      code: 'unreachable',
      requestId: null,
      errors: [],
      retryAfterSeconds: null,
    })
  }

  static notUnderstood(route: string, cause: z.ZodError): ApiProblem {
    const first = cause.issues[0]
    return new ApiProblem({
      status: 0,
      title: 'Unexpected answer',
      detail: `The server answered ${route} with something this page does not understand${
        first ? ` (${first.path.join('.') || 'body'}: ${first.message})` : ''
      }. Reloading the page may help.`,
      code: 'not_understood',
      requestId: null,
      errors: [],
      retryAfterSeconds: null,
    })
  }

  /** Worth asking again by itself: the refusal is not about what was asked. */
  get temporary(): boolean {
    return this.code === 'unreachable' || this.status === 502 || this.status === 503 || this.status === 504
  }

  /** The message for one field of a form, by its path in the body. */
  field(path: string): string | undefined {
    return this.errors.find((error) => error.path.replace(/^\/|^body\./, '') === path)?.message
  }
}

/** Any thrown value as a problem that can be shown. */
export const asProblem = (error: unknown): ApiProblem | null => (error instanceof ApiProblem ? error : null)

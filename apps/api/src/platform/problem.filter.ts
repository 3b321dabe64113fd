import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { Problem as ProblemBody, ProblemCode } from '@cooperage/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LOGGER, type Logger } from './logging.js'
import { Problem, problemStatus } from './problem.js'
import { methodsOf } from './route-table.js'

/** Makes every failure an RFC 9457 problem; what is not expected is logged and answered without its internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const problem = toProblem(error, request)
    if (problem.code === 'internal') {
      this.log.error({ requestId: request.id, method: request.method, err: error }, 'a request failed')
    }
    sendProblem(reply, problem, request.id)
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem, requestId: string): void {
  if (reply.sent) return
  void reply
    .code(problem.status)
    .headers(problem.extras.headers ?? {})
    .header('cache-control', 'no-store')
    .header('x-request-id', requestId)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, requestId)))
}

export const problemBody = (problem: Problem, requestId: string): ProblemBody => ({
  type: `urn:cooperage:problem:${problem.code}`,
  title: problem.title,
  status: problem.status,
  detail: problem.message,
  code: problem.code,
  requestId,
  ...(problem.extras.errors ? { errors: problem.extras.errors } : {}),
})

/** Reasons that Fastify and Nest give, by their own codes. */
const byErrorCode: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
}
const byStatus = new Map<number, ProblemCode>(
  (
    [
      'bad_request',
      'unauthenticated',
      'forbidden',
      'not_found',
      'method_not_allowed',
      'not_acceptable',
      'conflict',
      'gone',
      'payload_too_large',
      'unsupported_media_type',
      'validation_failed',
      'too_many_requests',
      'unavailable',
    ] as const
  ).map((code) => [problemStatus[code], code]),
)

export function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  const cause = error instanceof HttpException && error.cause ? error.cause : error
  if (cause instanceof Problem) return cause
  if (isDatabaseAway(error)) return new Problem('unavailable')
  if (!isHttpError(cause)) return new Problem('internal')
  const status = cause instanceof HttpException ? cause.getStatus() : cause.statusCode
  if (status === 404) return unknownRoute(request)
  if (cause instanceof SyntaxError) return new Problem('invalid_json')
  const code = byErrorCode[cause.code ?? ''] ?? byStatus.get(status)
  if (code === 'payload_too_large') return tooLarge(request)
  if (code) return new Problem(code)
  return new Problem(status < 500 ? 'bad_request' : 'internal')
}

const tooLarge = (request: FastifyRequest): Problem =>
  new Problem('payload_too_large', {
    detail: `The body has more than ${request.routeOptions.bodyLimit} bytes.`,
  })

function unknownRoute(request: FastifyRequest): Problem {
  const methods = methodsOf(request.url)
  if (methods.length === 0 || methods.includes(request.method)) return new Problem('not_found')
  return new Problem('method_not_allowed', { headers: { allow: methods.join(', ') } })
}

type HttpError =
  (Error & { statusCode: number; code?: string }) | (HttpException & { code?: string; statusCode: number })
const isHttpError = (error: unknown): error is HttpError =>
  error instanceof HttpException ||
  (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')

/** Postgres cannot be reached, is starting or stopping, or has no connection left. */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
])
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    awayCodes.has(code) || /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
  )
}

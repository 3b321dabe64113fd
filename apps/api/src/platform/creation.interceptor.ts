import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { apiPrefix } from '@cooperage/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { catchError, from, mergeMap, of, throwError, type Observable } from 'rxjs'
import { ENDPOINT, type EndpointMetadata, type Input } from './endpoint.js'
import { IdempotencyKeys, type StoredAnswer } from './idempotency.js'

/** What POSTs that create have in common: the `Location` of what was made, and `Idempotency-Key`. */
@Injectable()
export class CreationInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: IdempotencyKeys,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const endpoint = this.reflector.get<EndpointMetadata>(ENDPOINT, context.getHandler())
    const { method, status } = endpoint.route
    if (method !== 'POST' || (status !== 201 && status !== 202)) return next.handle()
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    const made = () =>
      next.handle().pipe(
        mergeMap((body: unknown) => {
          const answer = { status, location: locationOf(endpoint, body, request), body }
          return of(answer)
        }),
      )
    const key = request.headers['idempotency-key']
    const { caller } = request
    const answers = typeof key === 'string' && caller ? this.once(caller.id, key, request, made) : made()
    return answers.pipe(
      mergeMap((answer) => {
        if (answer.location !== null) void reply.header('location', answer.location)
        return of(answer.body)
      }),
    )
  }

  private once(
    userId: string,
    key: string,
    request: FastifyRequest,
    made: () => Observable<StoredAnswer>,
  ): Observable<StoredAnswer> {
    const route = `${request.method} ${request.url}`
    return from(this.keys.claim(userId, key, route, request.body)).pipe(
      mergeMap((stored) => {
        if (stored) return of(stored)
        return made().pipe(
          mergeMap(async (answer) => {
            await this.keys.store(userId, key, answer)
            return answer
          }),
          catchError((error: unknown) =>
            from(this.keys.release(userId, key)).pipe(mergeMap(() => throwError(() => error))),
          ),
        )
      }),
    )
  }
}

function locationOf({ options }: EndpointMetadata, body: unknown, request: FastifyRequest): string | null {
  if (!options.location) return null
  const params = request.params as Record<string, string>
  return apiPrefix + options.location(body as never, { params } as Input<EndpointMetadata['route']>)
}

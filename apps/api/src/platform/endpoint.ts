import {
  applyDecorators,
  createParamDecorator,
  Header,
  HttpCode,
  Injectable,
  RequestMapping,
  RequestMethod,
  SerializeOptions,
  SetMetadata,
  StandardSchemaValidationPipe,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common'
import { apiPrefix, type Permission, type Route } from '@cooperage/contracts'
import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Access, Caller, CohortStanding } from './caller.js'
import { Problem } from './problem.js'
import { shapeFaults, textFaults } from './text.js'

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type Field<R, Name extends string> = Name extends keyof R ? R[Name] : undefined
type WithCohort = 'cohort' | 'submission' | 'attempt'

/** What a handler gets: everything is validated, and allowed. */
export interface Input<R extends Route> {
  /** Percent-decoded; ids and slugs are well-formed, else the guard answered 404. */
  params: Record<ParamNames<R['path']>, string>
  body: Parsed<Field<R, 'body'>>
  query: Parsed<Field<R, 'query'>>
  /** Never null but on routes for `anyone` and for workers. */
  caller: R['who'] extends 'anyone' | 'worker' ? Caller | null : Caller
  /** The cohort of `:cohort`, `:submission` or `:attempt`. */
  cohort: ParamNames<R['path']> & WithCohort extends never ? null : CohortStanding
  /** Whether the caller owns the thing, and is staff of its cohort. */
  access: Access
  request: FastifyRequest
  reply: FastifyReply
}

/** What a handler answers: the response schema's input; what the schema does not declare does not leave. */
type Output<R extends Route> = R extends { produces: string }
  ? Readable | string | Buffer
  : Field<R, 'response'> extends infer Schema
    ? Schema extends z.ZodType
      ? z.input<Schema>
      : void
    : never

export interface EndpointOptions<R extends Route> {
  /** Below `/api/v1` unless it is an address of its own, as `/health/live`. */
  prefix?: '' | typeof apiPrefix
  /** Address of what was created, below `/api/v1`: the `Location` header. */
  location?: (output: Output<R>, input: Input<R>) => string
  /** Bytes that a request may have; default 256 KiB. */
  bodyLimit?: number
  /** Texts of the body may hold NUL: they are bytes, which no text column will store. */
  nulAllowed?: boolean
}

export interface EndpointMetadata {
  route: Route
  url: string
  options: EndpointOptions<Route>
}
export const ENDPOINT = Symbol('endpoint')
export const defaultBodyLimit = 256 * 1024

type Handler<R extends Route> = (input: Input<R>) => Promise<Output<R>> | Output<R>
type TypedMethod<R extends Route> = <H extends Handler<R>>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<H>,
) => void

/**
 * Makes a method the handler of a route of the contract: method, path, success status, permission, validation of body and
 * query, and a response through the schema. The method takes one argument, `Input<typeof routes.x>`.
 */
export function Endpoint<R extends Route>(route: R, options: EndpointOptions<R> = {}): TypedMethod<R> {
  const url = `${options.prefix ?? apiPrefix}${route.path}`
  const metadata: EndpointMetadata = { route, url, options: options as unknown as EndpointOptions<Route> }
  const onMethod = applyDecorators(
    RequestMapping({ method: RequestMethod[route.method], path: url }),
    HttpCode(route.status),
    // A stream is bytes to the server; browsers refuse events of any other type.
    ...(route.produces ? [Header('content-type', mediaType(route.produces))] : []),
    SetMetadata(ENDPOINT, metadata),
    RouteConfig({ who: route.who, ...(options.bodyLimit ? { bodyLimit: options.bodyLimit } : {}) }),
    ...(route.response ? [SerializeOptions({ schema: route.response })] : []),
  )
  return (target, key, descriptor) => {
    RouteInput(undefined, new InputPipe(metadata))(target, key, 0)
    onMethod(target, key, descriptor)
  }
}

const mediaType = (type: string) => (type.startsWith('text/') ? `${type}; charset=utf-8` : type)

/** The same when the route is not known at compile time. */
interface AnyInput {
  params: Record<string, string>
  body: unknown
  query: unknown
  caller: Caller | null
  cohort: CohortStanding | null
  access: Access
  request: FastifyRequest
  reply: FastifyReply
}

const RouteInput = createParamDecorator((_: unknown, context: ExecutionContext): AnyInput => {
  const request = context.switchToHttp().getRequest<FastifyRequest>()
  const reply = context.switchToHttp().getResponse<FastifyReply>()
  const access = request.access ?? { cohort: null, owner: false, staff: false }
  return {
    params: request.params as Record<string, string>,
    body: request.body,
    query: request.query,
    caller: request.caller,
    cohort: access.cohort,
    access,
    request,
    reply,
  }
})

const validation = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new Problem('validation_failed', {
      errors: issues.slice(0, 100).map((issue) => ({
        path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        message: issue.message,
      })),
    }),
})

@Injectable()
class InputPipe implements PipeTransform<AnyInput, Promise<AnyInput>> {
  constructor(private readonly endpoint: EndpointMetadata) {}

  async transform(input: AnyInput): Promise<AnyInput> {
    const { route, options } = this.endpoint
    if (route.body) {
      refuseFaults(shapeFaults(input.body))
      input.body = await validation.transform(input.body ?? {}, { type: 'body', schema: route.body })
      refuseFaults(textFaults(input.body, options.nulAllowed === true))
    }
    if (route.query) {
      const query = { ...(input.query as object) }
      refuseFaults(shapeFaults(query))
      refuseFaults(textFaults(query, false))
      input.query = await validation.transform(query, { type: 'query', schema: route.query })
    }
    return input
  }
}

function refuseFaults(errors: { path: string; message: string }[]): void {
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

/** Permissions for which a route needs nobody's session. */
export const needsNobody = (who: Permission): boolean => who === 'anyone' || who === 'worker'

/** The one way to the API: by the name of a route of the contract, typed and parsed at this end too. */
import { apiPrefix, Problem, routes } from '@cooperage/contracts'
import type { BodyOf, QueryOf, ResponseOf, RouteName, Routes } from '@cooperage/contracts'
import { z } from 'zod'
import { ApiProblem } from './problem.js'

// Zod compiles its parsers with `new Function` where it may, and the page's policy says it may not.
z.config({ jitless: true })

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
/** A key that must be given, or that may not, depending on whether the route has it. */
type Required<Key extends string, Value, Present> = Present extends true
  ? { [K in Key]: Value }
  : { [K in Key]?: undefined }

/** What a route takes: `params` of its path, `query`, and `body`. */
export type CallInput<N extends RouteName> = Required<
  'params',
  Record<ParamNames<Routes[N]['path']>, string>,
  [ParamNames<Routes[N]['path']>] extends [never] ? false : true
> &
  Required<'body', BodyOf<Routes[N]>, unknown extends BodyOf<Routes[N]> ? false : true> &
  (unknown extends QueryOf<Routes[N]>
    ? { query?: undefined }
    : Record<string, never> extends QueryOf<Routes[N]>
      ? { query?: QueryOf<Routes[N]> }
      : { query: QueryOf<Routes[N]> })

export interface CallOptions {
  signal?: AbortSignal
  /** Given to a creating POST, the same request sent again creates nothing twice. */
  idempotencyKey?: string
}

/** Address of a route, for links and event streams. Parameters and query are encoded. */
export function urlOf<N extends RouteName>(name: N, input: Omit<CallInput<N>, 'body'>): string {
  const given = input as { params?: Record<string, string>; query?: Record<string, unknown> }
  const path = routes[name].path.replace(/:(\w+)/g, (_, key: string) => {
    const value = given.params?.[key]
    if (value === undefined) throw new Error(`${name} needs the parameter ${key}`)
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(given.query ?? {})) {
    if (value !== undefined) query.set(key, String(value))
  }
  const search = query.toString()
  return `${apiPrefix}${path}${search ? `?${search}` : ''}`
}

/**
 * Calls a route and gives its parsed answer (undefined when the route has none).
 * @throws ApiProblem when the API refuses, cannot be reached, or answers what the contract does not know.
 */
export async function call<N extends RouteName>(
  name: N,
  input: CallInput<N>,
  options: CallOptions = {},
): Promise<ResponseOf<Routes[N]>> {
  const route = routes[name]
  const response = await answerOf(name, input, options, 'application/json')
  const schema = 'response' in route ? route.response : undefined
  if (!schema) return undefined as ResponseOf<Routes[N]>
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw ApiProblem.notUnderstood(name, parsed.error)
  return parsed.data as ResponseOf<Routes[N]>
}

/**
 * Asks a route whose answer is a file, and saves it under the name that the API gives it.
 * @throws ApiProblem when the API refuses or cannot be reached: a link alone would leave the page, or fail without a reason.
 */
export async function saveFile<N extends RouteName>(name: N, input: CallInput<N>): Promise<void> {
  const response = await answerOf(name, input, {}, '*/*')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? ''
  link.click()
  // Not at once: some browsers read it only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

async function answerOf<N extends RouteName>(
  name: N,
  input: CallInput<N>,
  options: CallOptions,
  accept: string,
): Promise<Response> {
  const body = (input as { body?: unknown }).body
  const headers: Record<string, string> = { accept }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey

  let response: Response
  try {
    response = await fetch(urlOf(name, input), {
      method: routes[name].method,
      credentials: 'same-origin',
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw ApiProblem.unreachable()
  }
  if (!response.ok) throw await problemOf(response)
  return response
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get('retry-after'))
  const retryAfterSeconds = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null
  const parsed = Problem.safeParse(await response.json().catch(() => undefined))
  return parsed.success
    ? ApiProblem.from(parsed.data, retryAfterSeconds)
    : ApiProblem.fromStatus(response.status, retryAfterSeconds)
}

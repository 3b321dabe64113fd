/** The API's internal routes, which the worker's token opens. */
import type { Secret } from './configuration.js'

/** The API did not answer or is not well: the same question may succeed soon. */
export class ApiAway extends Error {
  override readonly name = 'ApiAway'
}
/** The API's answer is no, or more than it may be. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused'
}

export interface Asking {
  /** Sent as JSON, with POST; else it is a GET. */
  readonly body?: unknown
  /** Longest wait for the whole answer, in milliseconds. */
  readonly answerMs: number
  readonly maxBytes: number
}

export class InternalApi {
  constructor(
    private readonly apiUrl: string,
    private readonly token: Secret,
  ) {}

  /** The text of a success. `path` is below `/internal`. Throws ApiAway and ApiRefused. */
  async ask(path: string, { body, answerMs, maxBytes }: Asking): Promise<string> {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    let response: Response
    try {
      response = await fetch(`${this.apiUrl}/api/v1/internal${path}`, {
        ...(sent === undefined ? {} : { method: 'POST', body: sent }),
        headers: {
          authorization: `Bearer ${this.token.reveal()}`,
          accept: 'application/json',
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        },
        redirect: 'error',
        signal: AbortSignal.timeout(answerMs),
      })
      if (response.ok) return await boundedText(response, maxBytes)
    } catch (error) {
      if (error instanceof ApiRefused) throw error
      throw new ApiAway(`the API does not answer: ${causeOf(error)}`)
    }
    await response.body?.cancel()
    const answer = `the API answered ${response.status} to ${path}`
    if (response.status >= 500 || response.status === 429) throw new ApiAway(answer)
    throw new ApiRefused(answer)
  }
}

async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body) {
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > maxBytes) throw new ApiRefused(`the API’s answer is larger than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** fetch hides what happened ("fetch failed") in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

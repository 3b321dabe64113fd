import { apiPrefix, type BodyOf, type QueryOf, type ResponseOf, type Route } from '@cooperage/contracts'

interface CallInput<R> {
  params?: Readonly<Record<string, string>>
  query?: QueryOf<R>
  body?: BodyOf<R>
}

/** An outside client of the HTTP contract: a cookie jar, and nothing that knows the API's inside. */
export class ApiClient {
  private cookie: string | undefined

  constructor(readonly baseUrl: string) {}

  async signIn(email: string, password: string): Promise<this> {
    const response = await this.send('POST', '/auth/login', { email, password })
    if (!response.ok) throw new Error(`sign-in of ${email}: ${response.status} ${await response.text()}`)
    return this
  }

  /** Calls a route of the contract and expects its success status; anything else throws with the problem's text. */
  async call<R extends Route>(route: R, input: CallInput<R> = {}): Promise<ResponseOf<R>> {
    const path = route.path.replace(/:([a-z]+)/gi, (_, name: string) =>
      encodeURIComponent(input.params?.[name] ?? ''),
    )
    const query = new URLSearchParams(
      Object.entries((input.query ?? {}) as Record<string, unknown>).map(([key, value]): [string, string] => [
        key,
        String(value),
      ]),
    ).toString()
    const response = await this.send(route.method, query ? `${path}?${query}` : path, input.body)
    const text = await response.text()
    if (response.status !== route.status) {
      throw new Error(`${route.method} ${path}: ${response.status} instead of ${route.status}: ${text}`)
    }
    return (route.response ? route.response.parse(JSON.parse(text)) : undefined) as ResponseOf<R>
  }

  /** The raw answer of any request below the API's prefix. */
  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.baseUrl}${apiPrefix}${path}`, {
      method,
      headers: {
        origin: this.baseUrl,
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const cookie = response.headers.get('set-cookie')?.split(';')[0]
    if (cookie) this.cookie = cookie
    return response
  }

  /** The server-sent events of a submission, in order, until the API ends the stream. */
  async *events(submission: string): AsyncGenerator<{ event: string; data: unknown }> {
    const response = await this.send('GET', `/submissions/${submission}/events`)
    if (!response.ok || !response.body) throw new Error(`events: ${response.status}`)
    let buffer = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body) {
      buffer += decoder.decode(chunk as Uint8Array, { stream: true })
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        const lines = buffer.slice(0, end).split('\n')
        buffer = buffer.slice(end + 2)
        const field = (name: string) =>
          lines
            .find((line) => line.startsWith(`${name}:`))
            ?.slice(name.length + 1)
            .trim()
        const [event, data] = [field('event'), field('data')]
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown }
      }
    }
  }
}

/** Bundles of labs, fetched from the API by the hash of their content. */
import { LabBundle } from '@cooperage/contracts'
import type { Secret } from './configuration.js'

/** The API did not answer or is not well: the same question may succeed soon. */
export class ApiAway extends Error {
  override readonly name = 'ApiAway'
}
/** The API answered that there is no such bundle, or gave something that is none. */
export class BundleRefused extends Error {
  override readonly name = 'BundleRefused'
}

const answerMs = 15_000
const maxBytes = 64 << 20
const cachedBytes = 128 << 20

export class Bundles {
  /** By revision; the least recently used first. A revision's content never changes. */
  private readonly cached = new Map<string, { bundle: LabBundle; bytes: number }>()
  private readonly underway = new Map<string, Promise<LabBundle>>()
  private bytes = 0

  constructor(
    private readonly apiUrl: string,
    private readonly token: Secret,
  ) {}

  /** Throws ApiAway and BundleRefused. */
  async get(revision: string): Promise<LabBundle> {
    const hit = this.cached.get(revision)
    if (hit) {
      this.cached.delete(revision)
      this.cached.set(revision, hit)
      return hit.bundle
    }
    const underway = this.underway.get(revision)
    if (underway) return underway
    const fetching = this.fetch(revision).finally(() => this.underway.delete(revision))
    this.underway.set(revision, fetching)
    return fetching
  }

  private async fetch(revision: string): Promise<LabBundle> {
    const text = await this.download(revision)
    const parsed = LabBundle.safeParse(parseJson(text))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      throw new BundleRefused(`bundle ${revision}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
    }
    if (parsed.data.revision !== revision) throw new BundleRefused(`bundle ${revision} is another lab's`)
    this.keep(revision, parsed.data, text.length)
    return parsed.data
  }

  private async download(revision: string): Promise<string> {
    let response: Response
    try {
      response = await fetch(`${this.apiUrl}/api/v1/internal/labs/${revision}/bundle`, {
        headers: { authorization: `Bearer ${this.token.reveal()}`, accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(answerMs),
      })
      if (response.ok) return await boundedText(response)
    } catch (error) {
      if (error instanceof BundleRefused) throw error
      throw new ApiAway(`the API does not answer: ${causeOf(error)}`)
    }
    await response.body?.cancel()
    const answer = `the API answered ${response.status} for bundle ${revision}`
    if (response.status >= 500 || response.status === 429) throw new ApiAway(answer)
    throw new BundleRefused(answer)
  }

  private keep(revision: string, bundle: LabBundle, bytes: number): void {
    this.cached.set(revision, { bundle, bytes })
    this.bytes += bytes
    for (const [oldest, entry] of this.cached) {
      if (this.bytes <= cachedBytes || oldest === revision) break
      this.cached.delete(oldest)
      this.bytes -= entry.bytes
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body) {
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > maxBytes) throw new BundleRefused(`the bundle is larger than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
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

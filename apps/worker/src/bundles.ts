/** Bundles of labs, fetched from the API by the hash of their content. */
import { LabBundle } from '@cooperage/contracts'
import { ApiRefused, parseJson, type InternalApi } from './internal-api.js'

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

  constructor(private readonly api: InternalApi) {}

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
    try {
      return await this.api.ask(`/labs/${revision}/bundle`, { answerMs, maxBytes })
    } catch (error) {
      throw error instanceof ApiRefused ? new BundleRefused(error.message) : error
    }
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

import type { Logger } from '../platform/index.js'

/** One line when something stops answering and one when it answers again, instead of one for each attempt. */
export class Outage {
  #out = false

  constructor(
    private readonly log: Logger,
    private readonly what: string,
  ) {}

  failed(error: unknown): void {
    if (!this.#out)
      this.log.warn(
        { err: error instanceof Error ? error.message : String(error) },
        `${this.what} failed; it is tried again`,
      )
    this.#out = true
  }
  worked(): void {
    if (this.#out) this.log.info(`${this.what} works again`)
    this.#out = false
  }
}

import type { GradingProgress } from '@cooperage/contracts'

/**
 * Tells the progress of one grading without ever holding it up: one message is on its way at a time, and of those that wait the
 * last one alone is sent, since each is the whole state.
 */
export class ProgressReporter {
  private sending = false
  private latest: GradingProgress | null = null
  private ended = false

  constructor(private readonly tell: (progress: GradingProgress) => Promise<void>) {}

  report(progress: GradingProgress): void {
    if (this.ended) return
    this.latest = progress
    if (!this.sending) void this.send()
  }

  /** What still waits is not worth sending: the result is on its way. */
  end(): void {
    this.ended = true
    this.latest = null
  }

  private async send(): Promise<void> {
    this.sending = true
    while (this.latest) {
      const progress = this.latest
      this.latest = null
      // The job may be lost, or Redis away; the result counts.
      await this.tell(progress).catch(() => undefined)
    }
    this.sending = false
  }
}

/** Whether the lab engine answers. An engine that restarts is normal: gradings wait for it, and it counts as nobody's fault. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabEngine } from '@cooperage/sandbox'

const quietMs = 3_000
const troubledMs = 500

export class EngineHealth {
  private state: 'unknown' | 'up' | 'down' = 'unknown'
  private reason = 'the lab engine has not answered yet'
  private readonly waiting = new Set<(up: boolean) => void>()
  private asking: Promise<boolean> | null = null
  private readonly stop = new AbortController()
  private watching: Promise<void> = Promise.resolve()

  constructor(
    private readonly engine: Pick<LabEngine, 'ping'>,
    /** Called when it comes (`null`) and when it goes (why). Must not throw. */
    private readonly onChange: (off: string | null) => void,
  ) {}

  /** Null when it answers; else why not. */
  get off(): string | null {
    return this.state === 'up' ? null : this.reason
  }

  start(): void {
    this.watching = this.watch()
  }

  /** Asks the engine now. Never rejects. */
  check(): Promise<boolean> {
    this.asking ??= this.ask().finally(() => (this.asking = null))
    return this.asking
  }

  /** Waits until the engine answers, at most `ms`; false when it did not. */
  whenUp(ms: number): Promise<boolean> {
    if (this.state === 'up') return Promise.resolve(true)
    return new Promise((resolve) => {
      const done = (up: boolean) => {
        clearTimeout(timer)
        this.waiting.delete(done)
        resolve(up)
      }
      const timer = setTimeout(done, ms, false)
      this.waiting.add(done)
    })
  }

  async close(): Promise<void> {
    this.stop.abort()
    await this.watching
    for (const done of this.waiting) done(false)
  }

  private async watch(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const up = await this.check()
      await sleep(up ? quietMs : troubledMs, undefined, { signal: this.stop.signal }).catch(() => undefined)
    }
  }

  private async ask(): Promise<boolean> {
    const before = this.state
    try {
      await this.engine.ping()
      this.state = 'up'
    } catch (error) {
      this.state = 'down'
      this.reason = `the lab engine does not answer: ${(error as Error).message}`.slice(0, 500)
    }
    if (this.state !== before) this.onChange(this.off)
    if (this.state === 'up') for (const done of this.waiting) done(true)
    return this.state === 'up'
  }
}

/**
 * Runs `work` at most once at a time: asked again while it runs, it runs once more afterwards, so that whoever asks knows that a run
 * begins after the asking.
 */
export class SingleFlight {
  #running: Promise<void> | null = null
  #again = false

  /** `work` handles its own failures. */
  constructor(private readonly work: () => Promise<void>) {}

  ask(): void {
    if (this.#running) {
      this.#again = true
      return
    }
    this.#running = this.#loop()
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false
      await this.work()
    } while (this.#again)
    this.#running = null
  }
}

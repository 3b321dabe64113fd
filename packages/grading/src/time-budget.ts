/** The time a lab gives to a whole grading. It runs only while the learner's or the author's code does. */
export class TimeBudget {
  private spentMs = 0

  constructor(private readonly totalMs: number) {}

  get leftMs(): number {
    return Math.max(0, this.totalMs - this.spentMs)
  }
  get spent(): boolean {
    return this.leftMs <= 0
  }

  /** Starting containers is not charged: a busy host must not cost a learner points. */
  async charge<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await work()
    } finally {
      this.spentMs += performance.now() - started
    }
  }
}

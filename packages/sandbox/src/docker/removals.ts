/** Removes spent containers when the engine has nothing better to do. */
import type Docker from 'dockerode'

/** A removal costs the host as much as a command: it waits until none has run for so long (milliseconds). */
const QUIET_MS = 250
/** … but no longer than this, since what a learner left running goes on until then. */
const LONGEST_MS = 2000
/** … and no more of them than this. */
const MOST_WAITING = 8

interface Spent {
  readonly container: Docker.Container
  /** On the clock of `performance.now()`. */
  readonly latest: number
}

export class Removals {
  private readonly waiting: Spent[] = []
  private readonly running = new Set<Promise<void>>()
  private commands = 0
  private quietSince = -Infinity
  private hurried = 0
  private timer: NodeJS.Timeout | undefined

  /** @param remove never rejects */
  constructor(private readonly remove: (container: Docker.Container) => Promise<void>) {}

  /** Containers that are not gone yet. */
  get size(): number {
    return this.waiting.length + this.running.size
  }

  add(container: Docker.Container): void {
    this.waiting.push({ container, latest: performance.now() + LONGEST_MS })
    this.begin()
  }

  /** Does something that removals are to wait for. */
  async during<T>(command: () => Promise<T>): Promise<T> {
    this.commands += 1
    try {
      return await command()
    } finally {
      this.commands -= 1
      this.quietSince = performance.now()
      this.begin()
    }
  }

  /** Resolves when all are gone, which then wait for nothing. */
  async drained(): Promise<void> {
    this.hurried += 1
    try {
      for (this.begin(); this.size > 0; this.begin()) await Promise.all(this.running)
    } finally {
      this.hurried -= 1
    }
  }

  private begin(): void {
    clearTimeout(this.timer)
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const pause = this.pauseBefore(next)
      if (pause > 0) {
        this.timer = setTimeout(() => this.begin(), pause)
        return
      }
      this.waiting.shift()
      const removal = this.remove(next.container).finally(() => {
        this.running.delete(removal)
        this.begin()
      })
      this.running.add(removal)
    }
  }

  private pauseBefore(spent: Spent): number {
    if (this.hurried > 0 || this.waiting.length > MOST_WAITING) return 0
    const now = performance.now()
    // One at a time: the end of a command or of a removal looks again.
    const other = this.commands > 0 || this.running.size > 0
    return Math.min(spent.latest - now, other ? LONGEST_MS : this.quietSince + QUIET_MS - now)
  }
}

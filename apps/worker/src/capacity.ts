/** What the gradings under way may take of the lab host together: each waits until its share is there. */
import type { LabBundle } from '@cooperage/contracts'
import { graderLimits } from '@cooperage/grading'

export interface Share {
  readonly cpus: number
  readonly memoryMb: number
}

interface Waiting {
  readonly share: Share
  begin(): void
}

/** Of the host's memory; the rest is for the engine, for what waits warm, and for the system. */
const labsPart = 0.75

/** What gradings may take of a host with so much, when nobody set a bound of their own. */
export const wholeOf = (
  host: { cpus: number; memoryBytes: number },
  memoryMb: number | undefined,
): Share => ({
  cpus: host.cpus,
  memoryMb: memoryMb ?? Math.floor((host.memoryBytes / (1 << 20)) * labsPart),
})

/** The limits of what a lab's grading starts: a learner's container that computes, and a grader's that holds a copy beside it. */
export function shareOf({ spec }: Pick<LabBundle, 'spec'>): Share {
  const { limits } = spec.environment
  const learner = spec.checks.some((check) => check.exec) ? limits.memoryMb : 0
  const grader = spec.checks.some((check) => check.script) ? graderLimits(limits).memoryMb : 0
  return { cpus: limits.cpus, memoryMb: learner + grader }
}

export class Capacity {
  private whole: Share | null = null
  private readonly waiting: Waiting[] = []
  private readonly taken = new Set<Share>()

  /** @param measure how much there is; asked once */
  constructor(private readonly measure: () => Promise<Share>) {}

  /**
   * Resolves, in the order of the asking, when the share is there, to what gives it back. Whoever needs more than there is gets all,
   * and so is alone. Rejects with the signal's reason, or as `measure` does.
   */
  async take(share: Share, signal: AbortSignal): Promise<() => void> {
    const whole = (this.whole ??= await this.measure())
    signal.throwIfAborted()
    const clamped = {
      cpus: Math.min(share.cpus, whole.cpus),
      memoryMb: Math.min(share.memoryMb, whole.memoryMb),
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1)
        reject(signal.reason as Error)
        // It may have been the one that was too large for what is left.
        this.serve(whole)
      }
      const waiting: Waiting = {
        share: clamped,
        begin: () => {
          signal.removeEventListener('abort', leave)
          this.taken.add(clamped)
          resolve()
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.waiting.push(waiting)
      this.serve(whole)
    })
    return () => {
      this.taken.delete(clamped)
      this.serve(whole)
    }
  }

  /** First come, first served: a large one at the head waits for room, and nobody passes it by. */
  private serve(whole: Share): void {
    for (let head = this.waiting[0]; head && this.fits(head.share, whole); head = this.waiting[0]) {
      this.waiting.shift()
      head.begin()
    }
  }

  private fits(share: Share, whole: Share): boolean {
    let { cpus, memoryMb } = share
    for (const other of this.taken) {
      cpus += other.cpus
      memoryMb += other.memoryMb
    }
    // Sums of fractions of a CPU are not exact.
    return cpus <= whole.cpus + 1e-6 && memoryMb <= whole.memoryMb
  }
}

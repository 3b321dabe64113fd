/** Removes the containers that nobody answers for: those of dead workers, and those this worker has lost sight of. */
import { setTimeout as sleep } from 'node:timers/promises'
import { workerStaleMs } from '@cooperage/contracts'
import type { ContainerOwner, LabEngine } from '@cooperage/sandbox'
import type { Logger } from './log.js'

const intervalMs = 5_000
/** A container as young as this is on its way from the engine to whoever asked for it. */
const youngMs = 3_000

export interface Reaping {
  readonly engine: Pick<LabEngine, 'sweep'>
  readonly worker: string
  /** Pods that this worker holds. */
  readonly holds: (pod: string) => boolean
  /** Ids of the workers that live. May reject: then nobody is taken for dead. */
  readonly living: () => Promise<ReadonlySet<string>>
  readonly log: Logger
}

export class Reaper {
  /** Since when a worker that has containers is missing from the heartbeats (ms since 1970). */
  private readonly missingSince = new Map<string, number>()
  private readonly stop = new AbortController()
  private running: Promise<void> = Promise.resolve()

  constructor(private readonly reaping: Reaping) {}

  start(): void {
    this.running = this.run()
  }

  async close(): Promise<void> {
    this.stop.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.sweep().catch((error: Error) =>
        this.reaping.log.warn({ reason: error.message }, 'not swept'),
      )
      await sleep(intervalMs, undefined, { signal: this.stop.signal }).catch(() => undefined)
    }
  }

  /** Resolves to how many containers were removed. Rejects when the engine or Redis does not answer. */
  async sweep(now = Date.now()): Promise<number> {
    const { engine, log } = this.reaping
    const living = await this.reaping.living()
    for (const worker of this.missingSince.keys()) if (living.has(worker)) this.missingSince.delete(worker)
    const removed = await engine.sweep((owner) => this.answeredFor(owner, living, now), youngMs)
    if (removed > 0) log.info({ removed }, 'containers that belonged to nobody are gone')
    return removed
  }

  /**
   * A Redis that was just emptied shows no worker at all, and the others tell it of themselves within seconds: so a worker
   * counts as dead only when it is missing for as long as a heartbeat may be old.
   */
  private answeredFor(owner: ContainerOwner, living: ReadonlySet<string>, now: number): boolean {
    if (owner.worker === this.reaping.worker) return this.reaping.holds(owner.pod)
    if (living.has(owner.worker)) return true
    const since = this.missingSince.get(owner.worker)
    if (since === undefined) this.missingSince.set(owner.worker, now)
    return since === undefined || now - since <= workerStaleMs
  }
}

/** Containers that were started ahead and wait for a submission's files; each serves once. */
import { randomBytes } from 'node:crypto'
import type { PodRequest, TakePod } from '@cooperage/grading'
import type { LabEngine, StartedContainer } from '@cooperage/sandbox'
import type { Logger } from './log.js'
import { WarmStock, type Kind, type StockBounds, type Wanted, type Warm } from './warm-stock.js'

export interface PoolOptions extends StockBounds {
  readonly worker: string
  readonly log: Logger
}

/** Starting one costs the host as much as a grading: it is put off until none has run for so long (ms). */
const quietMs = 400
/** After a failed start (ms). */
const pauses = { first: 500, longest: 30_000 }

/** What one grading holds. Ending it says that none of its pods is needed any more. */
export interface Lease {
  readonly take: TakePod
  end(): void
}

export class PodPool {
  private readonly stock: WarmStock
  /** Pods that somebody answers for: a sweep leaves them alone. */
  private readonly held = new Set<string>()
  private leases = 0
  private quietSince = 0
  private quietTimer: NodeJS.Timeout | undefined
  private filling: Promise<void> | null = null
  private pauseMs = 0
  private pauseTimer: NodeJS.Timeout | undefined
  private state: 'open' | 'suspended' | 'closed' = 'suspended'

  constructor(
    private readonly engine: Pick<LabEngine, 'start'>,
    private readonly options: PoolOptions,
  ) {
    this.stock = new WarmStock(options, (warm) => this.letGo(warm))
  }

  holds(pod: string): boolean {
    return this.held.has(pod)
  }

  /** How many wait, over all kinds. */
  get warm(): number {
    return this.stock.size
  }

  /** What is kept ready from now on, whether anybody asks for it or not. */
  plan(wanted: readonly Wanted[]): void {
    this.stock.plan(wanted)
    this.fill()
  }

  /** Tags that the engine has, and the images that they name: nothing else is kept ready. */
  keepTo(images: ReadonlyMap<string, string>): void {
    this.stock.keepTo(images)
    this.fill()
  }

  lease(): Lease {
    const pods: string[] = []
    this.leases += 1
    let ended = false
    const hold = (pod: string) => {
      // Too late: nobody answers for it any more, whoever asked for it lets go of it.
      if (ended) this.held.delete(pod)
      else pods.push(pod)
    }
    return {
      take: (request) => this.take(request, hold),
      end: () => {
        if (ended) return
        ended = true
        for (const pod of pods) this.held.delete(pod)
        this.leases -= 1
        this.quietSince = Date.now()
        this.fill()
        clearTimeout(this.quietTimer)
        this.quietTimer = setTimeout(() => this.fill(), quietMs)
        this.quietTimer.unref()
      },
    }
  }

  /** The engine answers: containers may be started ahead. */
  open(): void {
    if (this.state === 'closed') return
    this.state = 'open'
    this.fill()
  }

  /** The engine has had a fault: whatever waits is not to be trusted, and nothing is started ahead until `open`. */
  suspend(): void {
    if (this.state === 'open') this.state = 'suspended'
    this.stock.clear()
  }

  /** Lets go of everything that waits. */
  async close(): Promise<void> {
    this.suspend()
    this.state = 'closed'
    clearTimeout(this.pauseTimer)
    clearTimeout(this.quietTimer)
    await this.filling
  }

  private async take(request: PodRequest, hold: (pod: string) => void): Promise<StartedContainer> {
    const kind = this.stock.kindOf(request)
    const warm = this.stock.take(kind)
    if (warm) {
      hold(warm.pod)
      return warm.container
    }
    const coming = await this.claim(kind)
    if (coming) {
      hold(coming.pod)
      return coming.container
    }
    const pod = newPod()
    this.held.add(pod)
    hold(pod)
    return this.start(request, pod)
  }

  /** One that is being started ahead is here sooner than one that is started now. */
  private async claim(kind: Kind): Promise<Warm | null> {
    const { coming } = kind
    kind.coming = null
    const warm = await coming?.catch(() => null)
    if (!warm) return null
    if (warm.container.usable) return warm
    this.letGo(warm)
    return null
  }

  private start(request: PodRequest, pod: string): Promise<StartedContainer> {
    return this.engine.start({ ...request, owner: { worker: this.options.worker, pod } })
  }

  /** One run at a time: the host has better things to do than to start many at once. */
  private fill(): void {
    if (this.filling || this.pauseTimer) return
    const first = this.next()
    if (!first) return
    this.filling = this.refill(first).finally(() => {
      this.filling = null
      // What changed while the last one was being started.
      this.fill()
    })
  }

  private async refill(first: Kind): Promise<void> {
    for (let kind: Kind | null = first; kind; kind = this.next()) {
      const pod = newPod()
      this.held.add(pod)
      const coming = this.start(kind.request, pod).then((container) => ({ pod, container }))
      kind.coming = coming
      try {
        const warm = await coming
        this.pauseMs = 0
        const claimed = kind.coming !== coming
        kind.coming = null
        if (claimed) continue
        if (this.isOpen()) this.keep(kind, warm)
        else this.letGo(warm)
      } catch (error) {
        kind.coming = null
        this.held.delete(pod)
        this.options.log.warn({ reason: (error as Error).message }, 'no container could be started ahead')
        this.pause()
        return
      }
    }
  }

  private keep(kind: Kind, warm: Warm): void {
    this.stock.put(kind, warm)
    if (kind.idleBytes === null) void this.measure(kind, warm)
  }

  /** The first of a kind says what the others take of the host; an engine may need a second to tell. */
  private async measure(kind: Kind, warm: Warm): Promise<void> {
    kind.measuring = true
    const usage = await warm.container.usage().catch(() => null)
    kind.measuring = false
    // One that was taken meanwhile is not idle.
    if (usage && kind.warm.includes(warm)) this.stock.measured(kind, usage.memoryBytes)
    this.fill()
  }

  /** A method, since the state changes while a container is being started. */
  private isOpen(): boolean {
    return this.state === 'open'
  }

  private pause(): void {
    this.pauseMs = Math.min(Math.max(pauses.first, this.pauseMs * 2), pauses.longest)
    this.pauseTimer = setTimeout(() => {
      this.pauseTimer = undefined
      this.fill()
    }, this.pauseMs)
    this.pauseTimer.unref()
  }

  /** The kind that lacks most, or null. Gradings go first: beside them, and soon after, only what has none left is filled. */
  private next(): Kind | null {
    if (this.state !== 'open') return null
    return this.stock.next(this.leases > 0 || Date.now() - this.quietSince < quietMs)
  }

  private letGo({ pod, container }: Warm): void {
    this.held.delete(pod)
    void container[Symbol.asyncDispose]()
  }
}

const newPod = () => randomBytes(8).toString('hex')

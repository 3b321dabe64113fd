/** Containers that were started ahead and wait for a submission's files; each serves once. */
import { randomBytes } from 'node:crypto'
import type { PodRequest, TakePod } from '@cooperage/grading'
import type { LabEngine, StartedContainer } from '@cooperage/sandbox'
import type { Logger } from './log.js'

export interface PoolOptions {
  readonly worker: string
  /** Waiting containers, over all kinds. An idle one takes about 5 MiB of the host. */
  readonly maxWarm: number
  readonly log: Logger
}

/** For one kind of container. */
const floor = 1
const ceiling = 12
/** A kind that nobody asked for in this time is not kept ready. */
const forgetMs = 10 * 60_000
/** Demand is what was taken in this time: as many are kept ready, so that a burst of that size waits for none. */
const demandMs = 60_000
/** Starting one costs the host as much as a grading: it is put off until none has run for so long (ms). */
const quietMs = 400
/** After a failed start (ms). */
const pauses = { first: 500, longest: 30_000 }

interface Kind {
  readonly request: PodRequest
  readonly warm: Warm[]
  /** How many are kept ready whatever the demand. */
  floor: number
  /** One is kept ready though nobody asks for it. */
  common: boolean
  lastUse: number
  takes: number[]
  /** A container on its way that nobody has laid claim to. */
  coming: Promise<Warm> | null
}
interface Warm {
  readonly pod: string
  readonly container: StartedContainer
}

/** What one grading holds. Ending it says that none of its pods is needed any more. */
export interface Lease {
  readonly take: TakePod
  end(): void
}

export class PodPool {
  private readonly kinds = new Map<string, Kind>()
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
  ) {}

  holds(pod: string): boolean {
    return this.held.has(pod)
  }

  /** How many wait, over all kinds. */
  get warm(): number {
    return [...this.kinds.values()].reduce((sum, kind) => sum + kind.warm.length, 0)
  }

  /** Keeps at least `atLeast` of a kind ready from now on, and one when nobody asks for it for a while. */
  expect(request: PodRequest, atLeast: number): void {
    const kind = this.kindOf(request)
    kind.floor = Math.max(kind.floor, atLeast)
    kind.common = true
    kind.lastUse = Date.now()
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
    for (const kind of this.kinds.values()) this.drop(kind, kind.warm.length)
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
    const kind = this.kindOf(request)
    kind.lastUse = Date.now()
    kind.takes.push(kind.lastUse)
    for (let warm = kind.warm.shift(); warm; warm = kind.warm.shift()) {
      if (warm.container.usable) {
        hold(warm.pod)
        return warm.container
      }
      this.letGo(warm)
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
        if (this.isOpen()) kind.warm.push(warm)
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
    const now = Date.now()
    const busy = this.leases > 0 || now - this.quietSince < quietMs
    let best: { kind: Kind; lack: number } | null = null
    for (const [key, kind] of this.kinds) {
      kind.takes = kind.takes.filter((at) => now - at < demandMs)
      const idle = now - kind.lastUse > forgetMs
      if (idle && !kind.common) {
        this.drop(kind, kind.warm.length)
        this.kinds.delete(key)
        continue
      }
      const wanted = idle ? floor : Math.min(ceiling, Math.max(kind.floor, kind.takes.length))
      if (idle) this.drop(kind, kind.warm.length - wanted)
      const lack = wanted - kind.warm.length
      if (lack <= 0 || (busy && kind.warm.length > 0)) continue
      if (!best || lack > best.lack) best = { kind, lack }
    }
    if (!best || this.warm < this.options.maxWarm) return best?.kind ?? null
    return this.makeRoom(best.kind) ? best.kind : null
  }

  /** The pool is full: a kind with none left takes the place of one that was used longer ago. */
  private makeRoom(wanting: Kind): boolean {
    if (wanting.warm.length > 0 || this.options.maxWarm === 0) return false
    const [oldest] = [...this.kinds.values()]
      .filter((kind) => kind !== wanting && kind.warm.length > 0)
      .sort((left, right) => left.lastUse - right.lastUse)
    if (!oldest || oldest.lastUse > wanting.lastUse) return false
    this.drop(oldest, 1)
    return true
  }

  private drop(kind: Kind, count: number): void {
    for (const warm of kind.warm.splice(0, Math.max(0, count))) this.letGo(warm)
  }

  private letGo({ pod, container }: Warm): void {
    this.held.delete(pod)
    void container[Symbol.asyncDispose]()
  }

  private kindOf(request: PodRequest): Kind {
    const { image, role, limits } = request
    const key = JSON.stringify([image, role, limits.memoryMb, limits.cpus, limits.pids, limits.diskMb])
    const known = this.kinds.get(key)
    if (known) return known
    const kind: Kind = {
      request,
      warm: [],
      floor,
      common: false,
      lastUse: Date.now(),
      takes: [],
      coming: null,
    }
    this.kinds.set(key, kind)
    return kind
  }
}

const newPod = () => randomBytes(8).toString('hex')

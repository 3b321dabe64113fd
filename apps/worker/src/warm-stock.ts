/** What waits warm, by kind, and which kind is to be started next: within a number and a memory of the host. */
import type { PodRequest } from '@cooperage/grading'
import type { StartedContainer } from '@cooperage/sandbox'

export interface StockBounds {
  /** Waiting containers, over all kinds. */
  readonly maxWarm: number
  /** What they may take of the host's memory together, as measured. */
  readonly maxBytes: number
}

/** For one kind of container. */
const floor = 1
const ceiling = 12
/** A kind that nobody asked for in this time is not kept ready. */
const forgetMs = 10 * 60_000
/** Demand is what was taken in this time: as many are kept ready, so that a burst of that size waits for none. */
const demandMs = 60_000
/** What the engine keeps on the host for each running container, beside what the container's own limits count. */
export const shimBytes = 4 << 20

export interface Wanted {
  readonly request: PodRequest
  /** So many are kept ready whatever the demand, and one when nobody asks for it for a while. */
  readonly atLeast: number
}
export interface Warm {
  readonly pod: string
  readonly container: StartedContainer
}
export interface Kind {
  readonly request: PodRequest
  readonly warm: Warm[]
  /** How many are kept ready whatever the demand. */
  floor: number
  /** One is kept ready though nobody asks for it. */
  planned: boolean
  /** When it was last taken, or planned anew. */
  lastUse: number
  lastTake: number
  takes: number[]
  /** A container on its way that nobody has laid claim to. */
  coming: Promise<Warm> | null
  /** What one that waits takes of the host's memory; null: not known yet. */
  idleBytes: number | null
  /** Until that is known there are no more of it. */
  measuring: boolean
}

export class WarmStock {
  private readonly kinds = new Map<string, Kind>()
  private planned: readonly Wanted[] = []
  /** Tags that the engine has, and the images that they name. */
  private images: ReadonlyMap<string, string> = new Map()

  /** @param letGo of one that is not needed any more */
  constructor(
    private readonly bounds: StockBounds,
    private readonly letGo: (warm: Warm) => void,
  ) {}

  /** How many wait, over all kinds. */
  get size(): number {
    return this.all().reduce((sum, kind) => sum + kind.warm.length, 0)
  }

  kindOf(request: PodRequest): Kind {
    const key = keyOf(request)
    const known = this.kinds.get(key)
    if (known) return known
    const kind: Kind = {
      request,
      warm: [],
      floor,
      planned: false,
      lastUse: 0,
      lastTake: 0,
      takes: [],
      coming: null,
      idleBytes: null,
      measuring: false,
    }
    this.kinds.set(key, kind)
    return kind
  }

  /** What is kept ready from now on. A kind that is not among it any more goes, unless somebody asked for it lately. */
  plan(wanted: readonly Wanted[]): void {
    const now = Date.now()
    this.planned = wanted
    const before = new Set(this.all().filter((kind) => kind.planned))
    for (const { request, atLeast } of wanted) {
      const kind = this.kindOf(request)
      if (!kind.planned) kind.lastUse = now
      kind.planned = true
      kind.floor = atLeast
      before.delete(kind)
    }
    for (const kind of before) {
      kind.planned = false
      kind.floor = floor
      kind.lastUse = kind.lastTake
    }
  }

  /** What the engine has now: what waits with an image that is gone, or that is not its tag's any more, goes. */
  keepTo(images: ReadonlyMap<string, string>): void {
    this.images = images
    for (const [key, kind] of this.kinds) {
      const now = images.get(kind.request.image)
      const stale = kind.warm.filter(({ container }) => container.facts.imageDigest !== now)
      for (const warm of stale) this.drop(kind, warm)
      if (now === undefined && !kind.coming) this.kinds.delete(key)
    }
    // An image that is there again is wanted as it was.
    this.plan(this.planned)
  }

  /** One that waits, or null. */
  take(kind: Kind): Warm | null {
    kind.lastTake = kind.lastUse = Date.now()
    kind.takes.push(kind.lastUse)
    for (let warm = kind.warm.shift(); warm; warm = kind.warm.shift()) {
      if (warm.container.usable) return warm
      this.letGo(warm)
    }
    return null
  }

  /** Lets go of all. */
  clear(): void {
    for (const kind of this.kinds.values()) this.dropSome(kind, kind.warm.length)
  }

  put(kind: Kind, warm: Warm): void {
    kind.warm.push(warm)
  }

  /** What one of this kind takes inside: when there is no room for it after all, it is not kept. */
  measured(kind: Kind, memoryBytes: number): void {
    kind.idleBytes = memoryBytes + shimBytes
    while (kind.warm.length > 0 && this.bytes() > this.bounds.maxBytes) this.dropSome(kind, 1)
  }

  /** The kind that lacks most and has room, or null. `urgentOnly`: only one that has none left. */
  next(urgentOnly: boolean): Kind | null {
    const now = Date.now()
    const lacking: { kind: Kind; lack: number }[] = []
    for (const [key, kind] of this.kinds) {
      kind.takes = kind.takes.filter((at) => now - at < demandMs)
      const idle = now - kind.lastUse > forgetMs
      if (idle && !kind.planned) {
        this.dropSome(kind, kind.warm.length)
        this.kinds.delete(key)
        continue
      }
      const wanted = idle ? floor : Math.min(ceiling, Math.max(kind.floor, kind.takes.length))
      if (idle) this.dropSome(kind, kind.warm.length - wanted)
      const lack = wanted - kind.warm.length
      const onlyEmpty = urgentOnly || kind.measuring
      if (lack <= 0 || (onlyEmpty && kind.warm.length > 0) || !this.images.has(kind.request.image)) continue
      lacking.push({ kind, lack })
    }
    // One of each kind comes before a second of any.
    const rank = ({ kind, lack }: (typeof lacking)[number]) => lack + (kind.warm.length === 0 ? ceiling : 0)
    lacking.sort((one, other) => rank(other) - rank(one))
    return lacking.find(({ kind }) => this.hasRoom(kind) || this.makeRoom(kind))?.kind ?? null
  }

  private hasRoom(kind: Kind): boolean {
    return this.size < this.bounds.maxWarm && this.bytes() + (kind.idleBytes ?? 0) <= this.bounds.maxBytes
  }

  /** The pool is full: a kind with none left takes the place of those that were used longer ago. */
  private makeRoom(wanting: Kind): boolean {
    if (wanting.warm.length > 0 || this.bounds.maxWarm === 0) return false
    const older = this.all()
      .filter((kind) => kind.lastUse < wanting.lastUse && kind.warm.length > 0)
      .sort((left, right) => left.lastUse - right.lastUse)
    const left = this.bytes() - older.reduce((sum, kind) => sum + bytesOf(kind), 0)
    if (older.length === 0 || left + (wanting.idleBytes ?? 0) > this.bounds.maxBytes) return false
    for (const kind of older) {
      while (kind.warm.length > 0 && !this.hasRoom(wanting)) this.dropSome(kind, 1)
    }
    return this.hasRoom(wanting)
  }

  private all(): Kind[] {
    return [...this.kinds.values()]
  }

  private bytes(): number {
    return this.all().reduce((sum, kind) => sum + bytesOf(kind), 0)
  }

  private dropSome(kind: Kind, count: number): void {
    for (const warm of kind.warm.slice(0, Math.max(0, count))) this.drop(kind, warm)
  }

  private drop(kind: Kind, warm: Warm): void {
    kind.warm.splice(kind.warm.indexOf(warm), 1)
    this.letGo(warm)
  }
}

const bytesOf = (kind: Kind) => kind.warm.length * (kind.idleBytes ?? 0)

const keyOf = ({ image, role, limits }: PodRequest) =>
  JSON.stringify([image, role, limits.memoryMb, limits.cpus, limits.pids, limits.diskMb])

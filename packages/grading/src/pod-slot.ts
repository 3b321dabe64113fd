/** One place of a pod (its learner's or its grader's container), filled again when what stood there has ended. */
import type {
  ContainerFacts,
  ContainerFile,
  ContainerLimits,
  ContainerRole,
  ReadyContainer,
  StartedContainer,
} from '@cooperage/sandbox'

/** What a container is asked for by; whoever gives it adds the owner. */
export interface PodRequest {
  readonly image: string
  readonly role: ContainerRole
  readonly limits: ContainerLimits
}
/** Gives a container that nobody used before. Throws EngineFault. The caller disposes of it. */
export type TakePod = (request: PodRequest) => Promise<StartedContainer>

export class PodSlot implements AsyncDisposable {
  private ahead: Promise<StartedContainer> | null = null
  private ready: ReadyContainer | null = null
  private closed = false
  private lastFacts: ContainerFacts | null = null

  constructor(
    private readonly take: TakePod,
    readonly request: PodRequest,
  ) {}

  /** The container in which something may have run already, or null. */
  get current(): ReadyContainer | null {
    return this.ready
  }

  /** What the last container was that files were put into, or null. */
  get facts(): ContainerFacts | null {
    return this.lastFacts
  }

  /** Asks for a container before it is needed; a failure shows when it is. */
  prepare(): void {
    if (this.ready || this.ahead) return
    this.ahead = this.take(this.request)
    this.ahead.catch(() => undefined)
  }

  /** The current container, or a fresh one with `files` in it. Throws EngineFault and FilesRefused. */
  async fill(files: () => readonly ContainerFile[]): Promise<ReadyContainer> {
    if (this.ready) return this.ready
    this.prepare()
    const started = await (this.ahead as Promise<StartedContainer>).finally(() => (this.ahead = null))
    let ready: ReadyContainer | null = null
    try {
      ready = await started.put(files())
      if (this.closed) throw new Error('the grading is over')
      this.ready = ready
      this.lastFacts = ready.facts
      return ready
    } catch (error) {
      await (ready ?? started)[Symbol.asyncDispose]()
      throw error
    }
  }

  /** What runs next gets a fresh container. */
  async discard(): Promise<void> {
    const ended = this.ready
    this.ready = null
    await ended?.[Symbol.asyncDispose]()
  }

  /** Also while something runs in it, which then ends early. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    const ahead = this.ahead
    // Not awaited: a container that is still being started is let go when it is there.
    void ahead?.then((started) => started[Symbol.asyncDispose]()).catch(() => undefined)
    await this.discard()
  }
}

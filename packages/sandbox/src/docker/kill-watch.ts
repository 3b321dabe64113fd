/**
 * Knows who killed in a container: its memory limit a process of it, or somebody all of it through the engine. The engine tells that
 * in its events only (its `OOMKilled` appears when the container has ended), so one stream stays open.
 */
import type Docker from 'dockerode'
import { call } from './connection.js'
import { destroyStream, eachMessage } from './streams.js'

/** One container's, since it is watched. */
interface Kills {
  /** The stream that told of them: what came before another one is not known. */
  readonly stream: NodeJS.ReadableStream | undefined
  byMemoryLimit: number
  throughEngine: boolean
}

export class KillWatch {
  /** Containers of this process. */
  private readonly kills = new Map<string, Kills>()
  private stream: NodeJS.ReadableStream | undefined
  private opening: Promise<void> | undefined
  private closed = false

  constructor(
    private readonly docker: Docker,
    private readonly filter: { label: string[] },
  ) {}

  /** Opens the stream if there is none (first use, or the engine restarted). Throws EngineFault. */
  async watch(container: string): Promise<void> {
    if (!this.stream && !this.closed) {
      this.opening ??= this.open().finally(() => (this.opening = undefined))
      await this.opening
    }
    this.kills.set(container, { stream: this.stream, byMemoryLimit: 0, throughEngine: false })
  }

  forget(container: string): void {
    this.kills.delete(container)
  }

  /** How many processes of the container its memory limit has killed. */
  oomKillsOf(container: string): number {
    return this.kills.get(container)?.byMemoryLimit ?? 0
  }

  /** Whether the engine was made to kill the container, or went away in between and may have done so. */
  mayBeKilledThroughEngine(container: string): boolean {
    const kills = this.kills.get(container)
    return kills === undefined || kills.throughEngine || kills.stream !== this.stream
  }

  close(): void {
    this.closed = true
    destroyStream(this.stream)
    this.stream = undefined
  }

  private async open(): Promise<void> {
    const filters = { ...this.filter, type: ['container'], event: ['oom', 'kill'] }
    const stream = await call('events', () => this.docker.getEvents({ filters: JSON.stringify(filters) }), {
      discard: destroyStream,
    })
    if (this.closed) return destroyStream(stream)
    this.stream = stream
    eachMessage(stream, (event) => this.note(event))
    const lost = () => {
      if (this.stream === stream) this.stream = undefined
    }
    stream.on('error', lost)
    stream.on('end', lost)
    stream.on('close', lost)
  }

  private note({ id, Action, Actor }: { id?: unknown; Action?: unknown; Actor?: unknown }): void {
    const kills = typeof id === 'string' ? this.kills.get(id) : undefined
    if (!kills) return
    if (Action === 'oom') kills.byMemoryLimit++
    // SIGUSR1 is ours, and ends the container's processes, not the container.
    if (Action === 'kill' && signalOf(Actor) !== SIGUSR1) kills.throughEngine = true
  }
}

const SIGUSR1 = '10'

function signalOf(actor: unknown): string | undefined {
  return (actor as { Attributes?: { signal?: string } } | undefined)?.Attributes?.signal
}

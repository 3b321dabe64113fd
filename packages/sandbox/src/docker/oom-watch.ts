/**
 * Knows which containers had a process killed by their memory limit. The engine tells that while a container
 * runs in its events only (its `OOMKilled` appears when the container has ended), so one stream stays open.
 */
import type Docker from 'dockerode'
import { call } from './connection.js'
import { destroyStream, eachMessage } from './streams.js'

export class OomWatch {
  /** Containers of this process, and how many of their processes the limit has killed. */
  private readonly kills = new Map<string, number>()
  private stream: NodeJS.ReadableStream | undefined
  private opening: Promise<void> | undefined
  private closed = false

  constructor(
    private readonly docker: Docker,
    private readonly filter: { label: string[] },
  ) {}

  /** Opens the stream if there is none (first use, or the engine restarted). Throws EngineFault. */
  async watch(container: string): Promise<void> {
    this.kills.set(container, 0)
    if (this.stream || this.closed) return
    this.opening ??= this.open().finally(() => (this.opening = undefined))
    await this.opening
  }

  forget(container: string): void {
    this.kills.delete(container)
  }

  killsOf(container: string): number {
    return this.kills.get(container) ?? 0
  }

  close(): void {
    this.closed = true
    destroyStream(this.stream)
    this.stream = undefined
  }

  private async open(): Promise<void> {
    const filters = { ...this.filter, type: ['container'], event: ['oom'] }
    const stream = await call('events', () => this.docker.getEvents({ filters: JSON.stringify(filters) }), {
      discard: destroyStream,
    })
    if (this.closed) return destroyStream(stream)
    this.stream = stream
    eachMessage(stream, (event) => this.note(event.id))
    const lost = () => {
      if (this.stream === stream) this.stream = undefined
    }
    stream.on('error', lost)
    stream.on('end', lost)
    stream.on('close', lost)
  }

  private note(container: unknown): void {
    if (typeof container !== 'string') return
    const kills = this.kills.get(container)
    if (kills !== undefined) this.kills.set(container, kills + 1)
  }
}

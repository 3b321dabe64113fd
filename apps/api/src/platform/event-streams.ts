import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common'
import { PassThrough } from 'node:stream'

const heartbeatMs = 15_000

/** One open stream of server-sent events. Ends by itself when the client goes away or the server stops. */
export class EventStream {
  /** What the handler returns. */
  readonly readable = new PassThrough()
  private readonly timer: NodeJS.Timeout

  constructor() {
    // A comment now and then: proxies cut connections on which nothing moves.
    this.timer = setInterval(() => this.write(': still here\n\n'), heartbeatMs)
    this.timer.unref()
    this.onClose(() => clearInterval(this.timer))
    this.write(': open\n\n')
  }

  get open(): boolean {
    return !this.readable.writableEnded && !this.readable.destroyed
  }

  /** `data` goes as one line of JSON. Nothing happens once the stream is closed. */
  send(event: string, data: unknown): void {
    this.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  end(): void {
    if (this.open) this.readable.end()
  }

  /** Called once, however the stream ends: unsubscribe here. */
  onClose(listener: () => void): void {
    this.readable.once('close', listener)
  }

  private write(text: string): void {
    if (this.open) this.readable.write(text)
  }
}

/** Opens streams of events, and ends them when the server stops, so that a stop does not wait for clients. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>()

  open(): EventStream {
    const stream = new EventStream()
    this.streams.add(stream)
    stream.onClose(() => this.streams.delete(stream))
    return stream
  }

  beforeApplicationShutdown(): void {
    for (const stream of this.streams) stream.end()
  }
}

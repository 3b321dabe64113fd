import { freePort, startTestRedis, type TestRedis as Server } from '@cooperage/testing'
import { Redis } from 'ioredis'

/** A Redis of the test's own at one address, which it may empty, stop and start; it keeps nothing on disk. */
export class TestRedis implements AsyncDisposable {
  #server: Server | null = null

  private constructor(private readonly port: number) {}

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort())
    await redis.start()
    return redis
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Empty, whatever it held before. */
  async start(): Promise<void> {
    this.#server = await startTestRedis({ port: this.port })
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
    this.#server = null
  }

  /** A connection for what the test itself has to say; close it with `disconnect()`. */
  client(): Redis {
    return new Redis(this.url, { maxRetriesPerRequest: null })
  }

  async empty(): Promise<void> {
    const redis = this.client()
    await redis.flushall()
    redis.disconnect()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

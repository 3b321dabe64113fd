import { queuePrefix, queues } from '@cooperage/contracts'
import { QueueEvents } from 'bullmq'
import { Redis } from 'ioredis'
import type { Outage } from './outage.js'

const restartMs = 1_000

export interface Heard {
  progress(jobId: string, data: unknown): void
  /** A result was stored by some replica. */
  stored(submission: string): void
}

/**
 * Hears what BullMQ tells of both queues. Its loop ends for good on an entry that it cannot read, and whoever may write to Redis may
 * write such an entry; so the loop is started again, behind that entry. Events may be lost, to that or to an emptied Redis: those who
 * listen look into the database now and then.
 */
export class QueueListener {
  readonly #redis: Redis
  readonly #open = new Set<QueueEvents>()
  #closing = false

  constructor(
    url: string,
    private readonly heard: Heard,
    private readonly outage: Outage,
  ) {
    this.#redis = new Redis(url, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * times, 1_000),
      connectionName: 'cooperage-api-events',
    })
    this.#redis.on('error', (error) => this.outage.failed(error))
    this.#redis.on('ready', () => this.outage.worked())
    void this.#listen(queues.gradings, (events) => {
      events.on('progress', ({ jobId, data }) => this.heard.progress(String(jobId), data))
    })
    void this.#listen(queues.results, (events) => {
      events.on('completed', ({ returnvalue }: { returnvalue: unknown }) => {
        const submission = submissionOf(returnvalue)
        if (submission !== null) this.heard.stored(submission)
      })
    })
  }

  async #listen(queue: string, attach: (events: QueueEvents) => void): Promise<void> {
    while (!this.#closing) {
      const events = new QueueEvents(queue, {
        connection: this.#redis,
        prefix: queuePrefix,
        autorun: false,
        skipVersionCheck: true,
      })
      events.on('error', (error) => {
        if (!this.#closing) this.outage.failed(error)
      })
      attach(events)
      this.#open.add(events)
      try {
        await events.run()
      } catch (error) {
        if (!this.#closing) this.outage.failed(error)
      }
      this.#open.delete(events)
      if (this.#closing) return
      await events.close().catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, restartMs))
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    const closed = Promise.allSettled([...this.#open].map((events) => events.close()))
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2_000).unref())])
    this.#redis.disconnect()
  }
}

function submissionOf(returned: unknown): string | null {
  if (typeof returned !== 'object' || returned === null || !('submission' in returned)) return null
  return typeof returned.submission === 'string' ? returned.submission : null
}

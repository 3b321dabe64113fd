/** Puts messages into the `results` queue, and does not give up while this worker lives. */
import { setTimeout as sleep } from 'node:timers/promises'
import { queuePrefix, queues, ResultMessage } from '@cooperage/contracts'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from './log.js'

const againMs = 500

export class Outbox {
  private readonly queue: Queue

  constructor(
    redis: Redis,
    private readonly log: Logger,
  ) {
    this.queue = new Queue(queues.results, {
      connection: redis,
      prefix: queuePrefix,
      skipVersionCheck: true,
      skipWaitingForReady: true,
      defaultJobOptions: {
        removeOnComplete: true,
        // The consumer is the judge of a message; that its database is away for a while is no reason to lose one.
        attempts: 1_000,
        backoff: { type: 'fixed', delay: 2_000 },
        removeOnFail: { count: 1_000 },
      },
    })
    this.queue.on('error', () => undefined)
  }

  /** Resolves when Redis has it. Rejects with the signal's reason only. */
  async send(message: ResultMessage, signal: AbortSignal): Promise<void> {
    const checked = ResultMessage.parse(message)
    for (;;) {
      signal.throwIfAborted()
      try {
        await this.queue.add(message.kind, checked)
        return
      } catch (error) {
        this.log.warn(
          { grading: message.grading, kind: message.kind, reason: (error as Error).message },
          'a result is not in the queue yet',
        )
        await sleep(againMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async close(): Promise<void> {
    await this.queue.close().catch(() => undefined)
  }
}

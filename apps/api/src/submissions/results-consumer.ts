import { ResultMessage, queuePrefix, queues } from '@cooperage/contracts'
import { DelayedError, Worker, type Job } from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from '../platform/index.js'
import type { Outcome } from './verdicts.js'

/** How long a message waits when the database failed. */
const retryMs = 1_000
/** How long to wait before a worker that ended is made anew. */
const restartMs = 1_000

/**
 * Reads the `results` queue. Whoever may write there may write anything: a message is parsed within the contract's bounds, judged by
 * its grading's secret, and dropped for good when it is neither. Only a failing database lets a message come back, and it comes back
 * until it is stored.
 */
export class ResultsConsumer {
  readonly #redis: Redis
  #worker: Worker | null = null
  #closing = false
  #running: Promise<void>

  constructor(
    url: string,
    private readonly apply: (message: ResultMessage) => Promise<Outcome>,
    /** Called after the end of a grading is stored. */
    private readonly onApplied: (submission: string) => void,
    private readonly log: Logger,
  ) {
    this.#redis = new Redis(url, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * times, 1_000),
      connectionName: 'cooperage-api-results',
    })
    this.#redis.on('error', () => undefined)
    this.#running = this.#supervise()
  }

  /** BullMQ's loop ends when its first commands fail; it is started again until we close. */
  async #supervise(): Promise<void> {
    while (!this.#closing) {
      const worker = new Worker(queues.results, (job, token) => this.#take(job, token), {
        connection: this.#redis,
        prefix: queuePrefix,
        autorun: false,
        concurrency: 4,
        skipVersionCheck: true,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
        // A message of a consumer that died is taken again soon, however often: what it says is stored once.
        lockDuration: 10_000,
        stalledInterval: 5_000,
        maxStalledCount: 1_000,
        runRetryDelay: 500,
      })
      worker.on('error', (error) =>
        this.log.warn({ err: error.message }, 'reading results from Redis failed'),
      )
      this.#worker = worker
      try {
        await worker.run()
      } catch (error) {
        this.log.warn({ err: String(error) }, 'reading results ended; starting again')
      }
      if (this.#closing) return
      await worker.close(true).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, restartMs))
    }
  }

  async #take(job: Job, token: string | undefined): Promise<{ submission?: string }> {
    const message = ResultMessage.safeParse(job.data)
    if (!message.success) {
      const issue = message.error.issues[0]
      this.log.warn(
        { job: job.id, path: issue?.path.join('.'), issue: issue?.code },
        'a result that cannot be read was dropped',
      )
      return {}
    }
    const { grading, submission, worker, kind } = message.data
    let outcome: Outcome
    try {
      outcome = await this.apply(message.data)
    } catch (error) {
      this.log.warn({ grading, kind, err: String(error) }, 'storing a result failed; it is tried again')
      await job.moveToDelayed(Date.now() + retryMs, token)
      throw new DelayedError()
    }
    if (!outcome.applied) {
      this.log.warn({ grading, submission, worker, kind, why: outcome.why }, 'a result changed nothing')
      return {}
    }
    // That it started its worker tells open streams by its progress, and it makes no room for another.
    if (kind === 'started') return {}
    this.onApplied(outcome.submission)
    // The answer travels with BullMQ's event: the other replicas' open streams learn of it so.
    return { submission: outcome.submission }
  }

  async close(): Promise<void> {
    this.#closing = true
    // Away or not, Redis must not hold up the end: a message that is being stored is awaited, an idle wait is not.
    const closed = this.#worker?.close().catch(() => undefined)
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3_000).unref())])
    this.#redis.disconnect()
    await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, 1_000).unref())])
  }
}

import { GradingJob, GradingProgress, gradingJobId, queuePrefix, queues } from '@cooperage/contracts'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { Outage } from './outage.js'

/** How long a question to Redis may take before the caller goes on without it. */
const deadlineMs = 5_000
/** More waiting results than this, and the sweeper waits for them to be read instead of looking through them. */
const maxPendingResults = 500

/**
 * The API's hand on the workers' queue. Every method fails within seconds when Redis does not answer: nothing that a person waits
 * for may hang on it, and what Postgres holds is put right later by the dispatcher and the sweeper.
 */
export class GradingQueue {
  readonly #redis: Redis
  readonly #gradings: Queue
  readonly #results: Queue

  constructor(url: string, outage: Outage) {
    const onError = (error: Error) => outage.failed(error)
    this.#redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: deadlineMs,
      retryStrategy: (times) => Math.min(100 * times, 1_000),
      connectionName: 'cooperage-api',
    })
    this.#redis.on('error', onError)
    this.#redis.on('ready', () => outage.worked())
    const options = {
      connection: this.#redis,
      prefix: queuePrefix,
      // Without these, a queue made while Redis is away would wait for it for ever.
      skipWaitingForReady: true,
      skipVersionCheck: true,
      streams: { events: { maxLen: 2_000 } },
    }
    this.#gradings = new Queue(queues.gradings, options)
    this.#results = new Queue(queues.results, options)
    this.#gradings.on('error', onError)
    this.#results.on('error', onError)
  }

  /** Adding a job that is there already changes nothing. */
  async add(job: GradingJob): Promise<void> {
    await this.#gradings.add('grade', GradingJob.parse(job), {
      jobId: gradingJobId(job.submission, job.grading),
      attempts: 4,
      backoff: { type: 'exponential', delay: 1_000 },
      removeOnComplete: true,
      removeOnFail: true,
    })
  }

  /** False when there is no such job, or one that has ended: then nothing will come of it but what is in `pendingResults`. */
  async isLive(submission: string, grading: string): Promise<boolean> {
    const state = await this.#gradings.getJobState(gradingJobId(submission, grading))
    return state !== 'unknown' && state !== 'completed' && state !== 'failed'
  }

  /** What the job's worker said last, unchecked but well-formed; null when nothing. */
  async lastProgress(submission: string, grading: string): Promise<GradingProgress | null> {
    const job = await this.#gradings.getJob(gradingJobId(submission, grading))
    const progress = GradingProgress.safeParse(job?.progress)
    return progress.success ? progress.data : null
  }

  /** Gradings of which a result waits to be read; null when there are too many results to look through. */
  async pendingResults(): Promise<Set<string> | null> {
    const states = ['wait', 'active', 'delayed', 'prioritized'] as const
    const jobs = await this.#results.getJobs([...states], 0, maxPendingResults)
    if (jobs.length > maxPendingResults) return null
    const gradings = new Set<string>()
    for (const job of jobs) {
      const data: unknown = job?.data
      if (typeof data === 'object' && data !== null && 'grading' in data && typeof data.grading === 'string')
        gradings.add(data.grading)
    }
    return gradings
  }

  /** Rejects when Redis does not answer. */
  async ping(): Promise<void> {
    await this.#redis.ping()
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#gradings.close(), this.#results.close()])
    this.#redis.disconnect()
  }
}

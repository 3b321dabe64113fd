/** Takes jobs from the `gradings` queue and answers in the `results` queue. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GradingJob, queuePrefix, queues, type CheckReport, type Stage } from '@cooperage/contracts'
import { DelayedError, WaitingError, Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { PutBack, type Grader } from './grader.js'
import type { Logger } from './log.js'
import type { Outbox } from './outbox.js'
import { ProgressReporter } from './progress-reporter.js'

const restartMs = 1_000
/** A grading that is over within this time has its start told by its result: one message less, of two. */
const tellStartMs = 250
/** A job that this worker cannot do now waits so long before anybody takes it again. */
const putBackMs = 3_000

export interface IntakeParts {
  readonly redis: Redis
  readonly grader: Grader
  readonly outbox: Outbox
  readonly worker: string
  readonly concurrency: number
  readonly log: Logger
}

export class Intake {
  private queue: Worker | null = null
  private gate: { promise: Promise<void>; open: () => void } | null = closedGate()
  private closing = false
  private running: Promise<void> = Promise.resolve()
  private readonly abort = new AbortController()
  private jobs = 0

  constructor(private readonly parts: IntakeParts) {}

  /** Gradings under way. */
  get busy(): number {
    return this.jobs
  }

  start(): void {
    this.running = this.supervise()
  }

  /** Takes jobs from now on. */
  open(): void {
    this.gate?.open()
    this.gate = null
  }

  /** Takes no more jobs until `open`; those under way go on. */
  pause(): void {
    this.gate ??= closedGate()
    void this.queue?.pause(true)
  }

  /** Takes no more jobs; those under way have `graceMs` to end, then they go back into the queue. Never rejects. */
  async close(graceMs: number): Promise<void> {
    this.closing = true
    this.gate?.open()
    const closed = this.queue?.close().catch(() => undefined)
    const timer = setTimeout(() => this.abort.abort(new PutBack('this worker stops')), graceMs)
    await Promise.race([Promise.all([closed, this.running]), sleep(graceMs * 2, undefined, { ref: false })])
    clearTimeout(timer)
    this.abort.abort(new PutBack('this worker stops'))
  }

  /** BullMQ's loop ends when Redis fails at a bad moment and when it is paused; a new one is made until we close. */
  private async supervise(): Promise<void> {
    while (!this.closing) {
      await this.gate?.promise
      if (this.closing) return
      const queue = this.newQueue()
      this.queue = queue
      try {
        await queue.run()
      } catch (error) {
        this.parts.log.warn({ reason: (error as Error).message }, 'taking jobs ended; starting again')
      }
      if (this.closing) return
      await queue.close(true).catch(() => undefined)
      if (!this.gate) await sleep(restartMs)
    }
  }

  private newQueue(): Worker {
    const queue = new Worker(queues.gradings, (job, token) => this.take(job, token), {
      connection: this.parts.redis,
      prefix: queuePrefix,
      autorun: false,
      concurrency: this.parts.concurrency,
      skipVersionCheck: true,
      // A worker that dies is noticed this soon. A job that is lost so a second time ends here: the API puts its
      // grading back into the queue and counts, so that what takes its workers with it does not do so for ever.
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 1,
      runRetryDelay: 500,
      // Nothing stays behind: a job of the same id can be added again.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    })
    queue.on('error', (error) => this.parts.log.warn({ reason: error.message }, 'the queue of gradings'))
    queue.on('failed', (job, error) =>
      this.parts.log.error({ job: job?.id, error: error.stack ?? error.message }, 'a grading broke off'),
    )
    return queue
  }

  private async take(job: Job, token: string | undefined): Promise<void> {
    const parsed = GradingJob.safeParse(job.data)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      this.parts.log.error(
        { job: job.id, path: issue?.path.join('.'), issue: issue?.code },
        'a job that cannot be read was dropped',
      )
      return
    }
    this.jobs += 1
    try {
      await this.grade(parsed.data, job)
    } catch (error) {
      if (!(error instanceof PutBack)) throw error
      await this.putBack(job, token, error)
    } finally {
      this.jobs -= 1
    }
  }

  private async grade(grading: GradingJob, job: Job): Promise<void> {
    const { grader, outbox, worker, log } = this.parts
    const { signal } = this.abort
    const startedAt = performance.now()
    const { submission, secret } = grading
    const base = { submission, grading: grading.grading, secret }
    const started = { ...base, worker, kind: 'started', at: new Date().toISOString() } as const
    // Not awaited: the verdict may overtake it, and both ends know. Most are over before it is due.
    const tellStart = setTimeout(() => void outbox.send(started, signal).catch(() => undefined), tellStartMs)
    const reporter = new ProgressReporter((progress) => job.updateProgress(progress))
    const onProgress = (stage: Stage, checks: CheckReport[]) =>
      reporter.report({
        grading: grading.grading,
        secret,
        stage,
        at: new Date().toISOString(),
        checks,
      })
    try {
      const verdict = await grader.grade(grading, onProgress, signal)
      reporter.end()
      // The job ends only when its result is safe.
      await outbox.send(verdict, signal)
      log.info(
        { grading: grading.grading, kind: verdict.kind, ms: Math.round(performance.now() - startedAt) },
        'a grading is done',
      )
    } finally {
      clearTimeout(tellStart)
      reporter.end()
    }
  }

  private async putBack(job: Job, token: string | undefined, reason: PutBack): Promise<never> {
    this.parts.log.info({ job: job.id, reason: reason.message }, 'a grading goes back into the queue')
    if (this.closing) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    await job.moveToDelayed(Date.now() + putBackMs, token)
    throw new DelayedError()
  }
}

function closedGate(): { promise: Promise<void>; open: () => void } {
  let open = () => {}
  const promise = new Promise<void>((resolve) => (open = resolve))
  return { promise, open }
}

import {
  GradingJob,
  queuePrefix,
  queues,
  workerHeartbeatMs,
  workersKey,
  type CheckReport,
  type GradingProgress,
  type ResultMessage,
  type WorkerHeartbeat,
} from '@cooperage/contracts'
import { Queue, Worker, type Job } from 'bullmq'
import { Redis } from 'ioredis'
import { hostname } from 'node:os'

/** What gradings ran in, as the worker says. */
export const sandbox = {
  imageDigest: `sha256:${'0'.repeat(64)}`,
  profile: 'strict',
  profileHash: '0'.repeat(64),
  runtime: 'runc',
  limits: { memoryMb: 256, cpus: 0.5, pids: 64, diskMb: 64 },
}

/** What a worker knows of the grading that it runs. */
export class Running {
  constructor(
    private readonly redisJob: Job,
    readonly job: GradingJob,
    private readonly results: Queue,
    private readonly worker: string,
  ) {}

  /** Content of a submitted file as text; empty when it was not submitted. */
  text(path: string): string {
    const file = this.job.files.find((candidate) => candidate.path === path)
    return file ? Buffer.from(file.base64, 'base64').toString() : ''
  }

  async progress(stage: GradingProgress['stage'], checks: CheckReport[] = []): Promise<void> {
    const at = new Date().toISOString()
    await this.redisJob.updateProgress({
      grading: this.job.grading,
      secret: this.job.secret,
      stage,
      at,
      checks,
    })
  }

  started(): ResultMessage {
    return { ...this.#base(), kind: 'started', at: new Date().toISOString() }
  }
  graded(checks: CheckReport[]): ResultMessage {
    return { ...this.#base(), kind: 'graded', checks, preparingMs: 3, gradingMs: 4, sandbox }
  }
  fault(reason: string, checks: CheckReport[] = []): ResultMessage {
    return { ...this.#base(), kind: 'fault', reason, checks }
  }
  send(message: unknown): Promise<unknown> {
    return this.results.add('result', message, {
      attempts: 10,
      backoff: { type: 'fixed', delay: 200 },
      removeOnComplete: true,
      removeOnFail: true,
    })
  }
  #base() {
    return {
      submission: this.job.submission,
      grading: this.job.grading,
      secret: this.job.secret,
      worker: this.worker,
    }
  }
}

export const report = (
  id: string,
  status: CheckReport['status'] = 'passed',
  more: Partial<CheckReport> = {},
): CheckReport => ({
  id,
  status,
  partialPoints: null,
  message: `MESSAGE-OF-${id}`,
  staffNote: `NOTE-OF-${id}`,
  durationMs: 7,
  ...more,
})

/** Full score for a greet.sh that holds `pass`; else the open check fails. */
export async function gradeByContent(running: Running): Promise<void> {
  await running.send(running.started())
  await running.progress('preparing')
  await running.progress('exec')
  const greets = report('greets', running.text('greet.sh').includes('pass') ? 'passed' : 'failed')
  await running.progress('exec', [greets])
  const both = [greets, report('names')]
  await running.progress('script', both)
  await running.send(running.graded(both))
}

/** The worker's side of the contract, on a real queue, with the grading itself left to the test. */
export class TestWorker implements AsyncDisposable {
  readonly name: string
  readonly #redis: Redis
  readonly #worker: Worker
  readonly results: Queue
  readonly #timer: NodeJS.Timeout
  /** Gradings in the order in which they were taken. */
  readonly taken: GradingJob[] = []

  constructor(
    url: string,
    private readonly grade: (running: Running) => Promise<void> = gradeByContent,
    private readonly options: { slots?: number; images?: string[]; name?: string } = {},
  ) {
    this.name = options.name ?? `${hostname()}-test`
    this.#redis = new Redis(url, { maxRetriesPerRequest: null })
    this.#redis.on('error', () => undefined)
    const connection = { connection: this.#redis, prefix: queuePrefix, skipVersionCheck: true }
    this.results = new Queue(queues.results, connection)
    this.results.on('error', () => undefined)
    this.#worker = new Worker(queues.gradings, (job) => this.#take(job), {
      ...connection,
      concurrency: options.slots ?? 2,
      lockDuration: 2_000,
      stalledInterval: 1_000,
      runRetryDelay: 200,
    })
    this.#worker.on('error', () => undefined)
    this.#timer = setInterval(() => void this.beat(), workerHeartbeatMs)
  }

  /** Resolves when the API can see this worker. */
  async beat(): Promise<void> {
    const heartbeat: WorkerHeartbeat = {
      worker: this.name,
      at: new Date().toISOString(),
      slots: this.options.slots ?? 2,
      busy: 0,
      images: this.options.images ?? ['grading-test-image'],
      host: null,
      off: null,
    }
    await this.#redis.hset(workersKey, this.name, JSON.stringify(heartbeat)).catch(() => undefined)
  }

  async #take(job: Job): Promise<void> {
    const parsed = GradingJob.parse(job.data)
    this.taken.push(parsed)
    await this.grade(new Running(job, parsed, this.results, this.name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    const patience = new Promise((resolve) => setTimeout(resolve, 2_000).unref())
    await Promise.race([this.#worker.close(true), patience])
    await this.#redis.hdel(workersKey, this.name).catch(() => undefined)
    this.#redis.disconnect()
  }
}

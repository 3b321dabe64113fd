/** What a worker lives among, for tests: an engine with the shell image, a Redis of its own, an API that serves bundles. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  GradingJob,
  gradingJobId,
  LabBundle,
  type OpenLabs,
  queuePrefix,
  queues,
  ResultMessage,
  SelfTestReport,
  WorkerHeartbeat,
  workersKey,
  type LabHostOrders,
} from '@cooperage/contracts'
import { failingRows, latestRows, whyOff } from '@cooperage/domain'
import { Queue, QueueEvents, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { TestEngineOptions } from '@cooperage/testing'
import { openLabEngine, root, type EngineWithImage } from './engine-with-image.js'
import { PrivateRedis } from './private-redis.js'

const packages = ['contracts', 'domain', 'sandbox', 'grading', 'self-test']
const rooms = [...packages.map((name) => `packages/${name}`), 'apps/worker']
const token = 'a-worker-token-of-the-tests'

export interface WorkerProcess {
  child: ChildProcess
  log(): string
  /** Resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export class WorkerLab implements AsyncDisposable {
  readonly bundles = new Map<string, LabBundle>()
  /** In order of arrival, one by one as the API would read them. */
  readonly results: ResultMessage[] = []
  readonly progress: unknown[] = []
  /** Of which the API says that open labs need it. */
  openLabs: OpenLabs = { kinds: [] }
  /** What the API answers instead of a bundle. */
  refusal: number | null = null
  /** Of self-tests, in order of arrival. */
  readonly reports: SelfTestReport[] = []
  /** Rows whose risk an admin has accepted. */
  readonly accepted = new Set<string>()
  fullTestRequested = false
  /** What the API answers instead of orders. */
  ordersRefusal: number | null = null
  ordersAsked = 0
  private readonly workers = new Set<WorkerProcess>()
  private readonly arrived = new Set<() => void>()

  private constructor(
    readonly engine: EngineWithImage,
    readonly redisServer: PrivateRedis,
    readonly redis: Redis,
    private readonly api: Server,
    readonly gradings: Queue,
    private readonly closing: (() => Promise<unknown>)[],
  ) {}

  static async open(engineOptions?: TestEngineOptions): Promise<WorkerLab> {
    buildRooms()
    const engine = await openLabEngine(engineOptions)
    const redisServer = await PrivateRedis.start()
    const redis = new Redis(redisServer.url, { maxRetriesPerRequest: null })
    redis.on('error', () => undefined)
    const gradings = new Queue(queues.gradings, { connection: redis, prefix: queuePrefix })
    gradings.on('error', () => undefined)
    const api = createServer()
    api.listen(0, '127.0.0.1')
    await once(api, 'listening')
    const closing: (() => Promise<unknown>)[] = []
    const lab = new WorkerLab(engine, redisServer, redis, api, gradings, closing)
    lab.serve()
    lab.consume()
    return lab
  }

  /** Starts the process as an operator would, and resolves when its heartbeat says that it takes jobs (or what `is` wants). */
  async startWorker(
    env: Record<string, string> = {},
    is: (beat: WorkerHeartbeat) => boolean = ({ off }) => off === null,
  ): Promise<WorkerProcess> {
    const before = new Set(await this.redis.hkeys(workersKey))
    const address = this.api.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'apps/worker/dist/main.js')], {
      env: {
        PATH: process.env.PATH,
        REDIS_URL: this.redisServer.url,
        API_URL: `http://127.0.0.1:${address.port}`,
        WORKER_TOKEN: token,
        DOCKER_HOST: this.engine.host.dockerHost,
        INSTALLATION_ID: this.engine.installation,
        LAB_CONCURRENCY: '2',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    const worker: WorkerProcess = {
      child,
      log: () => log,
      stop: async (signal = 'SIGTERM') => {
        this.workers.delete(worker)
        if (child.exitCode === null && child.signalCode === null) {
          child.kill(signal)
          await once(child, 'exit')
        }
        return child.exitCode
      },
    }
    this.workers.add(worker)
    await until('the worker takes jobs', async () => {
      if (child.exitCode !== null) throw new Error(`the worker ended with ${child.exitCode}:\n${log}`)
      const entries = Object.entries(await this.redis.hgetall(workersKey))
      return entries.some(([id, beat]) => !before.has(id) && is(WorkerHeartbeat.parse(JSON.parse(beat))))
    })
    return worker
  }

  /** Of the one worker that there is. */
  async beat(): Promise<WorkerHeartbeat> {
    const [beat] = await this.redis.hvals(workersKey)
    return WorkerHeartbeat.parse(JSON.parse(beat ?? ''))
  }

  /** Puts a lab on the API. The spec is `lab.yaml`'s checks and what else matters. */
  addLab(spec: { checks: object[]; timeoutSeconds?: number }, scripts: Record<string, string> = {}): string {
    const revision = randomBytes(32).toString('hex')
    this.bundles.set(
      revision,
      LabBundle.parse({
        revision,
        course: 'tests',
        lab: 'a-lab',
        imageTag: this.engine.image,
        spec: {
          title: 'A lab',
          summary: 'Of a test.',
          difficulty: 'intro',
          minutes: 1,
          mode: 'files',
          files: ['**'],
          environment: { image: 'shell' },
          ...spec,
          checks: spec.checks.map((check) => ({ title: 'A check', ...check })),
        },
        starter: [],
        checks: filesOf(scripts),
      }),
    )
    return revision
  }

  /** As the API adds it. */
  async submit(labRevision: string, files: Record<string, string> = {}): Promise<GradingJob> {
    const job = GradingJob.parse({
      submission: randomUUID(),
      grading: randomUUID(),
      secret: randomBytes(24).toString('hex'),
      labRevision,
      files: filesOf(files),
    })
    await this.addJob(job)
    return job
  }

  async addJob(job: GradingJob): Promise<void> {
    await this.gradings.add('grade', job, {
      jobId: gradingJobId(job.submission, job.grading),
      attempts: 4,
      removeOnComplete: true,
      removeOnFail: true,
    })
  }

  /** The first final message of a grading. */
  async verdict(job: GradingJob): Promise<Exclude<ResultMessage, { kind: 'started' }>> {
    for (;;) {
      const found = this.finals(job)[0]
      if (found) return found
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000)
        this.arrived.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  finals(job: GradingJob) {
    return this.results.filter(
      (message): message is Exclude<ResultMessage, { kind: 'started' }> =>
        message.grading === job.grading && message.kind !== 'started',
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.workers) await worker.stop()
    for (const close of this.closing.reverse()) await close()
    await this.gradings.close()
    this.redis.disconnect()
    await this.redisServer.stop()
    this.api.closeAllConnections()
    this.api.close()
    await this.engine[Symbol.asyncDispose]()
  }

  private connect(): Redis {
    const redis = new Redis(this.redisServer.url, { maxRetriesPerRequest: null })
    redis.on('error', () => undefined)
    this.closing.push(() => Promise.resolve(redis.disconnect()))
    return redis
  }

  private serve(): void {
    this.api.on('request', (request, response) => {
      if (request.url?.startsWith('/api/v1/internal/lab-hosts/'))
        return void this.answerLabHost(request, response)
      const authorized = request.headers.authorization === `Bearer ${token}`
      if (request.url === '/api/v1/internal/open-labs')
        return void response.writeHead(authorized ? 200 : 401).end(JSON.stringify(this.openLabs))
      const revision = /^\/api\/v1\/internal\/labs\/([0-9a-f]{64})\/bundle$/.exec(request.url ?? '')?.[1]
      const bundle = this.bundles.get(revision ?? '')
      const status = this.refusal ?? (!authorized ? 401 : bundle ? 200 : 404)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(status === 200 ? JSON.stringify(bundle) : '{}')
    })
  }

  /** As the API keeps reports, and gives orders. */
  private async answerLabHost(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.ordersRefusal !== null) return void response.writeHead(this.ordersRefusal).end('{}')
    if (request.method === 'POST') {
      const report = SelfTestReport.parse(await json(request))
      if (report.scope === 'full') this.fullTestRequested = false
      this.reports.push(report)
    } else this.ordersAsked += 1
    const orders: LabHostOrders = {
      off: whyOff(failingRows(latestRows(this.reports), this.accepted)),
      fullTestRequested: this.fullTestRequested,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(orders))
  }

  private consume(): void {
    const consumer = new Worker(
      queues.results,
      (job) => {
        this.results.push(ResultMessage.parse(job.data))
        for (const wake of this.arrived) wake()
        this.arrived.clear()
        return Promise.resolve()
      },
      {
        connection: this.connect(),
        prefix: queuePrefix,
      },
    )
    consumer.on('error', () => undefined)
    const events = new QueueEvents(queues.gradings, {
      connection: this.connect(),
      prefix: queuePrefix,
    })
    events.on('error', () => undefined)
    events.on('progress', ({ data }) => this.progress.push(data))
    this.closing.push(
      () => consumer.close(true),
      () => events.close(),
    )
  }
}

const filesOf = (files: Record<string, string>) =>
  Object.entries(files).map(([path, content]) => ({ path, base64: Buffer.from(content).toString('base64') }))

/** Asks again and again for what nothing tells of. */
export async function until(what: string, holds: () => Promise<boolean>, ms = 60_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
    await sleep(100)
  }
}

/** The process runs what is built. */
function buildRooms(): void {
  for (const room of rooms) {
    const args = ['src', '-d', 'dist', '--strip-leading-paths', '--config-file', '../../.swcrc', '--quiet']
    execFileSync(join(root, 'node_modules/.bin/swc'), [...args, '--ignore', '**/*.test.ts'], {
      cwd: join(root, room),
      stdio: 'inherit',
    })
  }
}

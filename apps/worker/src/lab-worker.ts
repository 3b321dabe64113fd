/** The worker as a whole: what it is made of, and in which order its parts start and stop. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { openEngine, readEngineTls, UnknownRuntime, type LabEngine } from '@cooperage/sandbox'
import { Redis } from 'ioredis'
import { Bundles } from './bundles.js'
import { Capacity, wholeOf } from './capacity.js'
import type { Configuration } from './configuration.js'
import { EngineHealth } from './engine-health.js'
import { Grader } from './grader.js'
import { Heartbeat } from './heartbeat.js'
import { HostOrders } from './host-orders.js'
import { Intake } from './intake.js'
import { InternalApi } from './internal-api.js'
import { openLog, type Logger } from './log.js'
import { Outbox } from './outbox.js'
import { PodPlan } from './pod-plan.js'
import { PodPool } from './pod-pool.js'
import { Reaper } from './reaper.js'
import { SelfTest, type Off } from './self-test.js'

/** Gradings under way at a stop have this time to end. */
const graceMs = 5_000
/** Each of the steps of a stop that wait for the engine or for Redis; the rest is left to a sweep. */
const stepMs = 4_000
const imagesMs = 5_000
/** The image that the sandbox is tested in. */
const shellImage = /^cooperage\/lab-shell:/

const newWorkerId = () => `${hostname().slice(0, 40)}-${randomBytes(6).toString('hex')}`

export class LabWorker {
  private images: ReadonlyMap<string, string> = new Map()
  private imagesTimer: NodeJS.Timeout | undefined
  private takesJobs = false
  /** Why not, as it was last told. */
  private told: string | null | undefined

  private constructor(
    readonly id: string,
    private readonly log: Logger,
    private readonly parts: {
      engine: LabEngine
      redis: Redis
      pool: PodPool
      plan: PodPlan
      health: EngineHealth
      selfTest: SelfTest
      outbox: Outbox
      intake: Intake
      heartbeat: Heartbeat
      reaper: Reaper
    },
  ) {}

  /** Rejects when the configuration leads nowhere; an engine or a Redis that is away is waited for. */
  static async start(configuration: Configuration): Promise<LabWorker> {
    const id = newWorkerId()
    const log = openLog(configuration.LOG_LEVEL, id)
    const certificates = configuration.DOCKER_CERT_PATH
    const tls = certificates ? await readEngineTls(certificates) : null
    const engine = await openEngine({
      dockerHost: configuration.DOCKER_HOST,
      installation: configuration.INSTALLATION_ID,
      ...(tls ? { tls } : {}),
      ...(configuration.LAB_RUNTIME ? { runtime: configuration.LAB_RUNTIME } : {}),
    })
    await refuseUnknownRuntime(engine)
    const redis = new Redis(configuration.REDIS_URL.reveal(), {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * times, 1_000),
      connectionName: 'cooperage-worker',
    })
    redis.on('error', (error) => log.warn({ reason: error.message }, 'Redis'))

    const pool = new PodPool(engine, {
      worker: id,
      maxWarm: configuration.LAB_WARM_MAX,
      maxBytes: configuration.LAB_WARM_MEMORY_MB * (1 << 20),
      log,
    })
    const health = new EngineHealth(engine, (off) => worker.engineChanged(off))
    const api = new InternalApi(configuration.API_URL, configuration.WORKER_TOKEN)
    const plan = new PodPlan(api, pool, log)
    const bundles = new Bundles(api)
    const outbox = new Outbox(redis, log)
    const capacity = new Capacity(async () => wholeOf(await engine.host(), configuration.LAB_MEMORY_MB))
    const grader = new Grader({ bundles, pool, capacity, health, worker: id, log })
    const concurrency = configuration.LAB_CONCURRENCY
    const intake = new Intake({ redis, grader, outbox, worker: id, concurrency, log })
    const heartbeat = new Heartbeat(
      configuration.REDIS_URL,
      id,
      () => ({
        slots: concurrency,
        busy: intake.busy,
        images: [...worker.images.keys()].slice(0, 500),
        host: selfTest.host,
        off: worker.off,
      }),
      log,
    )
    const selfTest = new SelfTest({
      engine,
      worker: id,
      orders: new HostOrders(api),
      image: () => [...worker.images.keys()].find((tag) => shellImage.test(tag)),
      engineAnswers: () => health.check(),
      busy: () => intake.busy,
      onChange: () => worker.settle(),
      log,
    })
    const reaper = new Reaper({
      engine,
      worker: id,
      holds: (pod) => pool.holds(pod) || selfTest.holds(pod),
      living: () => heartbeat.living(),
      log,
    })
    const worker = new LabWorker(id, log, {
      engine,
      redis,
      pool,
      plan,
      health,
      selfTest,
      outbox,
      intake,
      heartbeat,
      reaper,
    })
    worker.run()
    log.info({ concurrency }, 'the worker has started')
    return worker
  }

  /** Lets the gradings under way end, removes every container of this worker, and leaves no trace in Redis. */
  async stop(): Promise<void> {
    const { engine, redis, pool, plan, health, selfTest, outbox, intake, heartbeat, reaper } = this.parts
    this.log.info('the worker stops')
    clearInterval(this.imagesTimer)
    const reaped = reaper.close()
    const others = Promise.all([plan.close(), selfTest.close(), reaped])
    await Promise.all([intake.close(graceMs), within(2 * graceMs, pool.close())])
    await within(stepMs, Promise.all([heartbeat.close(), health.close(), others, outbox.close()]))
    await within(stepMs, engine.drained())
    await within(
      stepMs,
      engine
        .removeAll(this.id)
        .catch((error: Error) => this.log.warn({ reason: error.message }, 'not removed')),
    )
    redis.disconnect()
    await within(stepMs, engine[Symbol.asyncDispose]())
    this.log.info('the worker has stopped')
  }

  private run(): void {
    const { plan, health, selfTest, intake, heartbeat, reaper } = this.parts
    intake.start()
    plan.start()
    health.start()
    selfTest.start()
    heartbeat.start()
    reaper.start()
    this.imagesTimer = setInterval(() => void this.readImages(), imagesMs)
  }

  private get off(): Off {
    const { health, selfTest } = this.parts
    return health.off === null ? selfTest.off : { cause: 'engine', reason: health.off }
  }

  private engineChanged(off: string | null): void {
    const { selfTest } = this.parts
    if (off === null) {
      this.log.info('the lab engine answers')
      selfTest.engineIsBack()
      void this.readImages()
    } else {
      selfTest.engineIsAway()
    }
    this.settle()
  }

  /** Takes jobs exactly while nothing speaks against it. */
  private settle(): void {
    const { pool, intake, heartbeat } = this.parts
    const { off } = this
    if (this.told !== (off?.reason ?? null)) {
      this.told = off?.reason ?? null
      if (off === null) this.log.info('labs are on')
      else this.log[off.cause === 'testing' ? 'info' : 'error']({ reason: off.reason }, 'labs are off')
      void heartbeat.beat()
    }
    if (this.takesJobs === (off === null)) return
    this.takesJobs = off === null
    if (off === null) {
      pool.open()
      intake.open()
    } else {
      intake.pause()
      pool.suspend()
    }
  }

  private async readImages(): Promise<void> {
    if (this.parts.health.off !== null) return
    try {
      const images = await this.parts.engine.images()
      const fresh = [...images.keys()].some((tag) => !this.images.has(tag))
      this.images = images
      this.parts.pool.keepTo(images)
      if (fresh) {
        this.parts.selfTest.look()
        await this.parts.heartbeat.beat()
      }
    } catch (error) {
      this.log.warn({ reason: (error as Error).message }, 'the engine does not say which images it has')
    }
  }
}

/** Waits for something that must not hold up the end. */
async function within(ms: number, work: PromiseLike<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const clock = new Promise((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([work, clock])
  clearTimeout(timer)
}

/** An engine that is away is waited for, and then whatever starts on it tells. */
async function refuseUnknownRuntime(engine: LabEngine): Promise<void> {
  try {
    await engine.expectRuntime()
  } catch (error) {
    if (error instanceof UnknownRuntime) throw error
  }
}

import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common'
import { CONFIGURATION, LOGGER, type Configuration, type Logger } from '../platform/index.js'
import { Dispatcher } from './dispatcher.js'
import { LiveSubmissions } from './live-submissions.js'
import { Outage } from './outage.js'
import { QueueListener } from './queue-listener.js'
import { ResultsConsumer } from './results-consumer.js'
import { SingleFlight } from './single-flight.js'
import { Sweeper } from './sweeper.js'
import { Verdicts } from './verdicts.js'

const dispatchMs = 2_000
const sweepMs = 3_000

/**
 * Keeps gradings moving: to the workers when there is room, back into the queue when they are lost, to a verdict when a result comes.
 * Each part may fail or run on several replicas at once; what is stored stays right, and the next tick goes on from it.
 */
@Injectable()
export class GradingPipeline implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #dispatching = new SingleFlight(() => this.#dispatch())
  readonly #sweeping = new SingleFlight(() => this.#sweep())
  readonly #dispatchOutage: Outage
  readonly #sweepOutage: Outage
  #timers: NodeJS.Timeout[] = []
  #consumer: ResultsConsumer | null = null
  #listener: QueueListener | null = null
  #stopped = false

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly sweeper: Sweeper,
    private readonly verdicts: Verdicts,
    private readonly live: LiveSubmissions,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#dispatchOutage = new Outage(log, 'handing gradings to the workers')
    this.#sweepOutage = new Outage(log, 'looking for lost gradings')
  }

  onApplicationBootstrap(): void {
    const url = this.configuration.REDIS_URL.reveal()
    this.#consumer = new ResultsConsumer(
      url,
      (message) => this.verdicts.apply(message),
      (submission) => this.stored(submission),
      this.log,
    )
    this.#listener = new QueueListener(
      url,
      {
        progress: (jobId, data) => this.live.onProgress(jobId, data),
        stored: (submission) => this.live.onStored(submission),
      },
      new Outage(this.log, 'listening to the queues'),
    )
    this.#timers = [
      setInterval(() => this.#dispatching.ask(), dispatchMs),
      setInterval(() => this.#sweeping.ask(), sweepMs),
    ]
    for (const timer of this.#timers) timer.unref()
    this.#sweeping.ask()
    this.#dispatching.ask()
  }

  /** A grading waits: hand it over when there is room. Returns at once and never fails. */
  poke(): void {
    if (!this.#stopped) this.#dispatching.ask()
  }

  /** What is stored of a submission changed. */
  private stored(submission: string): void {
    this.live.onStored(submission)
    this.poke()
  }

  async #dispatch(): Promise<void> {
    if (this.#stopped) return
    try {
      await this.dispatcher.run()
      this.#dispatchOutage.worked()
    } catch (error) {
      this.#dispatchOutage.failed(error)
    }
  }

  async #sweep(): Promise<void> {
    if (this.#stopped) return
    try {
      const swept = await this.sweeper.sweep()
      this.#sweepOutage.worked()
      for (const grading of swept.hopeless) {
        const outcome = await this.verdicts.giveUp(
          grading,
          'its job was lost, or took its worker down, again and again',
        )
        if (outcome.applied) this.stored(outcome.submission)
      }
      if (swept.requeued > 0) {
        this.log.warn({ gradings: swept.requeued }, 'lost gradings were queued again')
        this.poke()
      }
    } catch (error) {
      this.#sweepOutage.failed(error)
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all([this.live.close(), this.#consumer?.close(), this.#listener?.close()])
    await Promise.all([this.#dispatching.settled(), this.#sweeping.settled()])
  }
}

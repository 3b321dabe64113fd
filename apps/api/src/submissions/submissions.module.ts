import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common'
import { CoursesModule } from '../courses/index.js'
import { Database } from '../data/index.js'
import {
  CONFIGURATION,
  EventStreams,
  Heartbeats,
  LOGGER,
  type Configuration,
  type Logger,
} from '../platform/index.js'
import { Dispatcher } from './dispatcher.js'
import { GradingPipeline } from './grading-pipeline.js'
import { GradingQueue } from './grading-queue.js'
import { LabChecks } from './lab-checks.js'
import { LiveSubmissions } from './live-submissions.js'
import { Outage } from './outage.js'
import { QueuePlaces } from './queue-places.js'
import { SubmissionReader } from './submission-reader.js'
import { Submissions } from './submissions.js'
import { SubmissionsController } from './submissions.controller.js'
import { Submitting } from './submitting.js'
import { Sweeper } from './sweeper.js'
import { Verdicts } from './verdicts.js'

@Module({
  imports: [CoursesModule],
  controllers: [SubmissionsController],
  providers: [
    {
      provide: GradingQueue,
      inject: [CONFIGURATION, LOGGER],
      useFactory: (configuration: Configuration, log: Logger) =>
        new GradingQueue(configuration.REDIS_URL.reveal(), new Outage(log, 'the connection to the queue')),
    },
    {
      provide: Dispatcher,
      inject: [Database, GradingQueue, Heartbeats, CONFIGURATION],
      useFactory: (db: Database, queue: GradingQueue, heartbeats: Heartbeats, configuration: Configuration) =>
        new Dispatcher(db, queue, heartbeats, configuration.COOPERAGE_SECRET.reveal()),
    },
    {
      provide: Sweeper,
      inject: [Database, GradingQueue],
      useFactory: (db: Database, queue: GradingQueue) => new Sweeper(db, queue),
    },
    {
      provide: LiveSubmissions,
      inject: [SubmissionReader, QueuePlaces, GradingQueue, EventStreams, LOGGER],
      useFactory: (
        reader: SubmissionReader,
        places: QueuePlaces,
        queue: GradingQueue,
        streams: EventStreams,
        log: Logger,
      ) => {
        const outage = new Outage(log, 'reading submissions for open streams')
        return new LiveSubmissions(reader, places, queue, streams, outage)
      },
    },
    {
      provide: QueuePlaces,
      inject: [Database, Heartbeats],
      useFactory: (db: Database, heartbeats: Heartbeats) => new QueuePlaces(db, heartbeats),
    },
    GradingPipeline,
    LabChecks,
    SubmissionReader,
    Submissions,
    Submitting,
    Verdicts,
  ],
})
export class SubmissionsModule implements OnApplicationShutdown {
  constructor(@Inject(GradingQueue) private readonly queue: GradingQueue) {}

  /** After the pipeline stopped and the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.queue.close()
  }
}

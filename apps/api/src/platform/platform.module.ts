import {
  Global,
  Inject,
  Module,
  StandardSchemaSerializerInterceptor,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core'
import { TypeOrmModule } from '@nestjs/typeorm'
import type { Redis } from 'ioredis'
import { Database, dataSourceOptions } from '../data/index.js'
import { AccessGuard } from './access.guard.js'
import { Authentication } from './authentication.js'
import { CONFIGURATION, type Configuration } from './config.js'
import { CreationInterceptor } from './creation.interceptor.js'
import { EventStreams } from './event-streams.js'
import { Heartbeats } from './heartbeats.js'
import { Housekeeping } from './housekeeping.js'
import { IdempotencyKeys } from './idempotency.js'
import { LOGGER, type Logger } from './logging.js'
import { ProblemFilter } from './problem.filter.js'
import { connectRedis, REDIS } from './redis.js'

@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  static with(configuration: Configuration, logger: Logger): DynamicModule {
    return {
      module: PlatformModule,
      imports: [TypeOrmModule.forRoot(dataSourceOptions(configuration.DATABASE_URL.reveal()))],
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: LOGGER, useValue: logger },
        { provide: REDIS, useFactory: () => connectRedis(configuration.REDIS_URL, logger) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: CreationInterceptor },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
        Authentication,
        Database,
        EventStreams,
        Heartbeats,
        Housekeeping,
        IdempotencyKeys,
      ],
      exports: [CONFIGURATION, LOGGER, REDIS, Authentication, Database, EventStreams, Heartbeats],
    }
  }

  onApplicationShutdown(): void {
    this.redis.disconnect()
  }
}

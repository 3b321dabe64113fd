import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { Database } from '../data/index.js'
import { LOGGER, type Logger } from './logging.js'

const everyMs = 60 * 60 * 1000

/** Deletes what has expired, each hour. Nothing depends on it but the size of the tables. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), everyMs)
    this.timer.unref()
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer)
  }

  async sweep(): Promise<void> {
    try {
      await this.database.query('DELETE FROM session WHERE expires_at < now()')
      await this.database.query('DELETE FROM idempotency_key WHERE expires_at < now()')
    } catch (error) {
      this.log.warn({ err: (error as Error).message }, 'housekeeping failed; it runs again in an hour')
    }
  }
}

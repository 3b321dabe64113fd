import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Secret } from './config.js'

/** Injection token of the connection for short commands; queues make connections of their own. */
export const REDIS = Symbol('redis')

/**
 * A connection that fails fast while Redis is away, and never takes the process down: what needs Redis says so, reading goes on.
 * Connects by itself and keeps trying.
 */
export function connectRedis(url: Secret, log: Logger): Redis {
  const redis = new Redis(url.reveal(), {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 5_000,
    commandTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  })
  let away = false
  redis.on('error', (error: Error) => {
    // One line for an outage, not one for each attempt to reconnect.
    if (!away) log.warn({ err: error.message }, 'redis is not reachable')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('redis is reachable again')
    away = false
  })
  return redis
}

/** Tells Redis that this worker lives, and knows which others do. */
import { WorkerHeartbeat, workerHeartbeatMs, workerStaleMs, workersKey } from '@cooperage/contracts'
import { Redis } from 'ioredis'
import type { Secret } from './configuration.js'
import type { Logger } from './log.js'

/** An entry as old as this is of no use to anybody: every reader took its worker for dead long ago. */
const forgottenMs = 10 * 60_000

export class Heartbeat {
  private readonly redis: Redis
  private timer: NodeJS.Timeout | undefined
  private closing = false

  constructor(
    redisUrl: Secret,
    private readonly worker: string,
    private readonly state: () => Pick<WorkerHeartbeat, 'slots' | 'busy' | 'images' | 'host' | 'off'>,
    private readonly log: Logger,
  ) {
    this.redis = new Redis(redisUrl.reveal(), {
      // A beat that cannot be told now is of no use later.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 5_000,
      connectionName: 'cooperage-worker-heartbeat',
      retryStrategy: (times) => Math.min(100 * times, 1_000),
    })
    this.redis.on('error', () => undefined)
    this.redis.on('ready', () => void this.beat())
  }

  start(): void {
    this.timer = setInterval(() => void this.beat(), workerHeartbeatMs)
  }

  /** Now: at a start, and when something changed that others act on. Never rejects. */
  async beat(): Promise<void> {
    if (this.closing || this.redis.status !== 'ready') return
    const beat: WorkerHeartbeat = { worker: this.worker, at: new Date().toISOString(), ...this.state() }
    await this.redis
      .hset(workersKey, this.worker, JSON.stringify(beat))
      .catch((error: Error) => this.log.warn({ reason: error.message }, 'heartbeat not told'))
  }

  /** Ids of the workers that told of themselves lately; this one is among them. Rejects when Redis does not answer. */
  async living(): Promise<Set<string>> {
    const entries = await this.redis.hgetall(workersKey)
    const now = Date.now()
    const living = new Set([this.worker])
    const forgotten: string[] = []
    for (const [worker, entry] of Object.entries(entries)) {
      const age = now - toldAt(entry)
      if (age <= workerStaleMs) living.add(worker)
      else if (age > forgottenMs) forgotten.push(worker)
    }
    if (forgotten.length > 0) await this.redis.hdel(workersKey, ...forgotten)
    return living
  }

  /** Takes this worker's entry away, so that nobody waits for it. Never rejects. */
  async close(): Promise<void> {
    this.closing = true
    clearInterval(this.timer)
    if (this.redis.status === 'ready') {
      await this.redis.hdel(workersKey, this.worker).catch(() => undefined)
    }
    this.redis.disconnect()
  }
}

function toldAt(entry: string): number {
  try {
    return Date.parse(WorkerHeartbeat.parse(JSON.parse(entry)).at)
  } catch {
    return 0
  }
}

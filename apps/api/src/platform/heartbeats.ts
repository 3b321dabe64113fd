import { Inject, Injectable } from '@nestjs/common'
import { WorkerHeartbeat, workersKey, workerStaleMs } from '@cooperage/contracts'
import type { Redis } from 'ioredis'
import { CONFIGURATION, type Configuration } from './config.js'
import { REDIS } from './redis.js'

/** What the workers say of themselves. */
@Injectable()
export class Heartbeats {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Workers that live, in the order of their names; an empty list also when Redis is away. */
  async living(now = new Date()): Promise<WorkerHeartbeat[]> {
    const entries = await this.redis.hgetall(workersKey).catch(() => ({}) as Record<string, string>)
    return Object.values(entries)
      .map((text) => WorkerHeartbeat.safeParse(parseJson(text)).data)
      .filter((beat) => beat !== undefined)
      .filter((beat) => now.getTime() - Date.parse(beat.at) < workerStaleMs)
      .sort((a, b) => a.worker.localeCompare(b.worker))
  }

  /**
   * Null when submissions to a lab with this image are taken; else why not, in words for a learner. When no lab host lives at the
   * moment, or one is at its self-test, they are taken all the same: they wait in the queue, which is better than to be refused.
   */
  async whyNot(imageTag: string): Promise<string | null> {
    if (this.configuration.LABS_OFF_REASON) return this.configuration.LABS_OFF_REASON
    const living = await this.living()
    const working = living.filter((beat) => beat.off === null)
    if (working.some((beat) => beat.images.includes(imageTag))) return null
    if (working.length > 0) return 'The image of this lab is still being built. Try again in a few minutes.'
    const causes = new Set(living.map((beat) => beat.off?.cause))
    if (causes.has('testing')) return null
    // Which fence is missing is for admins.
    if (causes.has('self-test'))
      return 'Labs are off: the sandbox has not passed its self-test. An admin sees why under Lab hosts.'
    return living[0]?.off?.reason ?? null
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

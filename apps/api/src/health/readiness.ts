import { Inject, Injectable } from '@nestjs/common'
import type { Health } from '@cooperage/contracts'
import type { Redis } from 'ioredis'
import { Database } from '../data/index.js'
import { CONFIGURATION, Heartbeats, REDIS, type Configuration } from '../platform/index.js'

const ok = 'ok'
/** The one lab image that is there before the system is ready; the others are built behind it. */
const firstImage = 'shell'

/** Whether the whole way from a page to a verdict is open, told for each thing that it needs. */
@Injectable()
export class Readiness {
  constructor(
    private readonly database: Database,
    @Inject(REDIS) private readonly redis: Redis,
    private readonly heartbeats: Heartbeats,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async check(): Promise<Health> {
    const [database, redis, course, demo, labs] = await Promise.all([
      outcome(() => this.database.query('SELECT 1')),
      outcome(() => this.redis.ping()),
      this.course(),
      this.demo(),
      this.labs(),
    ])
    const dependencies = { database, redis, course, demo, ...labs }
    // Labs that are off by decision keep nobody from reading.
    const wanted = Object.entries(dependencies).filter(
      ([name]) => !(this.configuration.LABS_OFF_REASON && (name === 'worker' || name === 'image')),
    )
    const ready = wanted.every(([, state]) => state === ok)
    return { status: ready ? 'ok' : 'unavailable', dependencies }
  }

  private async course(): Promise<string> {
    const rows = await this.database.query('SELECT 1 FROM course LIMIT 1').catch(() => [])
    return rows.length > 0 ? ok : 'no course is loaded'
  }

  /** The file of the demonstration data is written before its people are there, so that people stand for both. */
  private async demo(): Promise<string> {
    if (!this.configuration.DEMO_FILE) return ok
    const rows = await this.database.query('SELECT 1 FROM "user" LIMIT 1').catch(() => [])
    return rows.length > 0 ? ok : 'the demonstration data is not there yet'
  }

  private async labs(): Promise<{ image: string; worker: string }> {
    const off = this.configuration.LABS_OFF_REASON
    if (off) return { image: `labs are off: ${off}`, worker: `labs are off: ${off}` }
    const living = await this.heartbeats.living()
    const working = living.filter((beat) => beat.off === null)
    const worker = working.length > 0 ? ok : (living[0]?.off ?? 'no worker is running')
    const missing = (await this.firstImages()).filter(
      (tag) => !working.some((beat) => beat.images.includes(tag)),
    )
    return { worker, image: missing.length === 0 ? ok : `not built yet: ${missing.join(', ')}` }
  }

  private async firstImages(): Promise<string[]> {
    const rows = await this.database
      .query<{ tag: string }>(
        `SELECT DISTINCT lab->>'imageTag' AS tag
           FROM course c
           JOIN course_revision r ON r.course_id = c.id AND r.revision = c.revision
           CROSS JOIN LATERAL jsonb_array_elements(r.content->'labs') lab
          WHERE lab->'spec'->'environment'->>'image' = $1`,
        [firstImage],
      )
      .catch(() => [])
    return rows.map((row) => row.tag)
  }
}

async function outcome(probe: () => Promise<unknown>): Promise<string> {
  try {
    await probe()
    return ok
  } catch {
    return 'not reachable'
  }
}

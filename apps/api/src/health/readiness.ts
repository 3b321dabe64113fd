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
    const wanted = [database, redis, course, demo]
    if (!('off' in labs)) wanted.push(labs.image, labs.worker)
    const { image, worker } = 'off' in labs ? { image: labs.off, worker: labs.off } : labs
    return {
      status: wanted.every((state) => state === ok) ? 'ok' : 'unavailable',
      dependencies: { database, redis, course, demo, image, worker },
    }
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

  /**
   * Labs that are off by decision keep nobody from reading: the operator's, or a self-test's, which an admin must be able to
   * look at here.
   */
  private async labs(): Promise<{ image: string; worker: string } | { off: string }> {
    const off = this.configuration.LABS_OFF_REASON
    if (off) return { off: `labs are off: ${off}` }
    const living = await this.heartbeats.living()
    const first = living[0]?.off
    if (first && living.every((beat) => beat.off?.cause === 'self-test'))
      return { off: `labs are off: ${first.reason}` }
    const working = living.filter((beat) => beat.off === null)
    const worker = working.length > 0 ? ok : (first?.reason ?? 'no worker is running')
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

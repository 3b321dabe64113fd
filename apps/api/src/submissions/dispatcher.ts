import type { Database, StoredFile } from '../data/index.js'
import type { Heartbeats } from '../platform/index.js'
import type { GradingQueue } from './grading-queue.js'
import { gradingSecret } from './grading-secret.js'
import { nextInOrder } from './queue-order.js'

/** Any number that nothing else locks: one replica picks at a time, so that a learner never has two gradings at the workers. */
const pickLock = 7_246_002
/** Gradings at the workers for each slot: one that runs and one that is there when it ends. */
const perSlot = 2
const leastWindow = 2

interface Picked {
  grading: string
  submission: string
  lab_revision: string
  files: StoredFile[]
}

/**
 * Moves gradings from Postgres, which orders them, to the workers' queue, only as many as workers can take soon. A grading is marked
 * as handed over before it is: when we die in between, the sweeper finds it without a job and it is handed over again.
 */
export class Dispatcher {
  constructor(
    private readonly db: Database,
    private readonly queue: GradingQueue,
    private readonly heartbeats: Heartbeats,
    /** Of which the gradings' secrets are derived. */
    private readonly key: string,
  ) {}

  /** Rejects when Redis or Postgres does not answer; nothing is lost then, and the next run does it. */
  async run(): Promise<void> {
    await this.queue.ping()
    const workers = (await this.heartbeats.living()).filter((worker) => worker.off === null)
    const slots = workers.reduce((sum, worker) => sum + worker.slots, 0)
    const picked = await this.#pick(
      Math.max(leastWindow, perSlot * slots),
      workers.map((worker) => worker.worker),
    )
    const failures: unknown[] = []
    for (const grading of picked) {
      try {
        await this.#handOver(grading)
      } catch (error) {
        failures.push(error)
        await this.#takeBack(grading.grading)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  #pick(window: number, liveWorkers: string[]): Promise<Picked[]> {
    return this.db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [pickLock])
      // What runs on a worker that is dead takes nobody's room; it is queued again when its job is found stalled.
      const atWorkers = await tx.one<{ count: number }>(
        `SELECT count(*)::int AS count FROM grading
          WHERE (state = 'queued' AND dispatched_at IS NOT NULL) OR (state = 'running' AND worker = ANY($1))`,
        [liveWorkers],
      )
      const room = window - (atWorkers?.count ?? 0)
      if (room <= 0) return []
      const next = await tx.query<{ grading_id: string }>(nextInOrder, [room])
      if (next.length === 0) return []
      const ids = next.map((row) => row.grading_id)
      await tx.query(
        `UPDATE grading SET dispatched_at = now() WHERE id = ANY($1) AND state = 'queued' AND dispatched_at IS NULL`,
        [ids],
      )
      return tx.query<Picked>(
        `SELECT g.id AS grading, g.submission_id AS submission, s.lab_revision, s.files
           FROM grading g JOIN submission s ON s.id = g.submission_id
          WHERE g.id = ANY($1) ORDER BY array_position($1, g.id)`,
        [ids],
      )
    })
  }

  async #handOver(picked: Picked): Promise<void> {
    await this.queue.add({
      submission: picked.submission,
      grading: picked.grading,
      secret: gradingSecret(this.key, picked.grading),
      labRevision: picked.lab_revision,
      files: picked.files.map((file) => ({ path: file.path, base64: file.base64 })),
    })
  }

  async #takeBack(grading: string): Promise<void> {
    await this.db.query(`UPDATE grading SET dispatched_at = NULL WHERE id = $1 AND state = 'queued'`, [
      grading,
    ])
  }
}

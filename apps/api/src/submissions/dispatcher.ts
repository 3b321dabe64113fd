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

/** $1: how many may be at the workers; $2: ids of the workers that live. What runs on a dead one takes nobody's room. */
const pickNext = `
  WITH room AS (
    SELECT greatest(0, $1::int - count(*)::int) AS room FROM grading
     WHERE (state = 'queued' AND dispatched_at IS NOT NULL) OR (state = 'running' AND worker = ANY($2))
  ), next AS (
    ${nextInOrder('(SELECT room FROM room)')}
  ), picked AS (
    UPDATE grading SET dispatched_at = now()
     WHERE id IN (SELECT grading_id FROM next) AND state = 'queued' AND dispatched_at IS NULL
    RETURNING id, submission_id
  )
  SELECT p.id AS grading, p.submission_id AS submission, s.lab_revision, s.files
    FROM picked p JOIN next n ON n.grading_id = p.id JOIN submission s ON s.id = p.submission_id
   ORDER BY n.place`

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
    const waiting = await this.db.one(
      `SELECT 1 FROM grading WHERE state = 'queued' AND dispatched_at IS NULL LIMIT 1`,
    )
    if (!waiting) return
    const [living] = await Promise.all([this.heartbeats.living(), this.queue.ping()])
    const workers = living.filter((worker) => worker.off === null)
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
      // A statement of its own: the next one sees what the replica before us has picked. What a crash of Postgres would take away
      // is only the mark that a grading was handed over, and to hand it over again changes nothing: no disk is waited for.
      await tx.query(`SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)`, [
        pickLock,
      ])
      return tx.query<Picked>(pickNext, [window, liveWorkers])
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

import { statesThatAccept } from '@cooperage/domain'
import type { Database, Transaction } from '../data/index.js'
import type { GradingQueue } from './grading-queue.js'

/** Any number that nothing else locks: one replica sweeps at a time. */
const sweepLock = 7_246_003
/** Younger ones are left alone: their job may be on its way. */
const graceSeconds = 3
/** A grading that was lost this often takes its worker with it: it ends in an error instead of doing so for ever. */
const mostLosses = 10

export interface Swept {
  /** Gradings that were put back into the queue. */
  requeued: number
  /** Gradings to be given up. */
  hopeless: string[]
}
interface Candidate {
  id: string
  submission_id: string
  /** As text: a Date would lose the microseconds by which we know that nobody handed it over since. */
  dispatched_at: string | null
  faults: number
}

/**
 * Finds gradings that count as being at the workers and are not: their job was never added (we died after the commit), or Redis lost
 * it, or its worker was lost too often for BullMQ to try again. What has a live job, or a result that waits to be read, is left alone.
 */
export class Sweeper {
  constructor(
    private readonly db: Database,
    private readonly queue: GradingQueue,
  ) {}

  /** Rejects when Redis or Postgres does not answer: then nobody can tell what is lost, and nothing is changed. */
  sweep(): Promise<Swept> {
    return this.db.transaction(async (tx) => {
      const lock = await tx.one<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
        sweepLock,
      ])
      const lost = lock?.held ? await this.#lost(tx) : []
      const hopeless = lost.filter((grading) => grading.faults >= mostLosses)
      let requeued = 0
      for (const grading of lost) {
        if (grading.faults >= mostLosses) continue
        const rows = await tx.query(
          `UPDATE grading SET state = 'queued', dispatched_at = NULL, started_at = NULL, worker = NULL, faults = faults + 1
            WHERE id = $1 AND state = ANY($2) AND dispatched_at IS NOT DISTINCT FROM $3::timestamptz RETURNING id`,
          [grading.id, statesThatAccept('requeue'), grading.dispatched_at],
        )
        requeued += rows.length
      }
      return { requeued, hopeless: hopeless.map((grading) => grading.id) }
    })
  }

  async #lost(tx: Transaction): Promise<Candidate[]> {
    const candidates = await tx.query<Candidate>(
      `SELECT id, submission_id, dispatched_at::text AS dispatched_at, faults FROM grading
        WHERE (state = 'running' OR (state = 'queued' AND dispatched_at IS NOT NULL))
          AND greatest(dispatched_at, started_at) < now() - make_interval(secs => $1)
        ORDER BY queued_at LIMIT 500`,
      [graceSeconds],
    )
    const withoutJob: Candidate[] = []
    for (const candidate of candidates)
      if (!(await this.queue.isLive(candidate.submission_id, candidate.id))) withoutJob.push(candidate)
    if (withoutJob.length === 0) return []
    // In this order: a worker adds the result before its job ends, so that a job seen ended has its result there or stored.
    const pending = await this.queue.pendingResults()
    return pending ? withoutJob.filter((candidate) => !pending.has(candidate.id)) : []
  }
}

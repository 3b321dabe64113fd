import type { Database } from '../data/index.js'
import type { Heartbeats } from '../platform/index.js'
import { startsInSeconds, type Pace } from './queue-estimate.js'
import { placesOf } from './queue-order.js'

/** Where a queued submission stands. */
export interface QueuePlace {
  /** 1 is next. */
  position: number
  /** About how long until it starts; null when nobody can tell. */
  startsInSeconds: number | null
}

/** So many of the last gradings say how long one takes. */
const lastGradings = 50
/** The pace is looked at this often (ms): an estimate that moves with every verdict is of no use. */
const paceMs = 10_000

/**
 * Places in the queue. To count them costs as much for one as for all, so that there is one count at a time however many ask:
 * those who ask while it runs share the next one, which begins after their question.
 */
export class QueuePlaces {
  #pace: { of: Pace; at: number } | null = null
  #next: { asked: Set<string>; answer: Promise<Map<string, QueuePlace>> } | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly db: Database,
    private readonly heartbeats: Heartbeats,
  ) {}

  /** The places of those of these submissions that are queued. */
  of(submissions: readonly string[]): Promise<Map<string, QueuePlace>> {
    const next = (this.#next ??= this.#after(this.#last))
    for (const submission of submissions) next.asked.add(submission)
    return next.answer
  }

  #after(last: Promise<unknown>) {
    const asked = new Set<string>()
    const answer = last.then(() => {
      this.#next = null
      return this.#count([...asked])
    })
    this.#last = answer.catch(() => undefined)
    return { asked, answer }
  }

  async #count(submissions: readonly string[]): Promise<Map<string, QueuePlace>> {
    const rows = await this.db.query<{ submission_id: string; place: number }>(placesOf, [submissions])
    if (rows.length === 0) return new Map()
    const pace = await this.#currentPace()
    return new Map(
      rows.map(({ submission_id, place }) => [
        submission_id,
        { position: place, startsInSeconds: startsInSeconds(place, pace) },
      ]),
    )
  }

  async #currentPace(): Promise<Pace> {
    const now = Date.now()
    if (this.#pace && now - this.#pace.at < paceMs) return this.#pace.of
    const [workers, last] = await Promise.all([
      this.heartbeats.living(),
      this.db.one<{ run_ms: number | null }>(
        `SELECT avg(extract(epoch FROM finished_at - started_at) * 1000)::float8 AS run_ms
           FROM (SELECT started_at, finished_at FROM grading
                  WHERE state = 'graded' ORDER BY finished_at DESC LIMIT ${lastGradings}) last`,
      ),
    ])
    const slots = workers.reduce((sum, worker) => sum + (worker.off === null ? worker.slots : 0), 0)
    const of = { slots, runMs: last?.run_ms ?? null }
    // What is not known yet is asked for again: the first worker, and the first verdict.
    this.#pace = slots > 0 && of.runMs !== null ? { of, at: now } : null
    return of
  }
}

import type { Database } from '../data/index.js'
import type { Heartbeats } from '../platform/index.js'
import { startsInSeconds, turnMs, type Pace } from './queue-estimate.js'
import { placesOf } from './queue-order.js'

/** Where a queued submission stands. */
export interface QueuePlace {
  /** 1 is next. */
  position: number
  /** About how long until it starts; null when nobody can tell. */
  startsInSeconds: number | null
}

/** So many of the last gradings say what the pace is. */
const lastGradings = 50
/** The pace is looked at this often (ms): an estimate that moves with every verdict is of no use. */
const paceMs = 10_000

const paceOfLast = `
  SELECT avg(preparing_ms + grading_ms)::float8 AS "runMs",
         avg(extract(epoch FROM finished_at - before) * 1000) FILTER (WHERE queued_at < before)::float8 AS "gapMs"
    FROM (SELECT *, lag(finished_at) OVER (ORDER BY finished_at) AS before
            FROM (SELECT queued_at, finished_at, preparing_ms, grading_ms FROM grading
                   WHERE state = 'graded' ORDER BY finished_at DESC LIMIT ${lastGradings}) last) gaps`

/**
 * Places in the queue. To count them costs as much for one as for all, so that there is one count at a time however many ask:
 * those who ask while it runs share the next one, which begins after their question.
 */
export class QueuePlaces {
  #pace: { everyMs: number; at: number } | null = null
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
    const everyMs = await this.#everyMs()
    return new Map(
      rows.map(({ submission_id, place }) => [
        submission_id,
        { position: place, startsInSeconds: everyMs === null ? null : startsInSeconds(place, everyMs) },
      ]),
    )
  }

  /** How often one of those that wait gets its turn; null: nobody can tell. */
  async #everyMs(): Promise<number | null> {
    const now = Date.now()
    if (this.#pace && now - this.#pace.at < paceMs) return this.#pace.everyMs
    const [workers, pace] = await Promise.all([this.heartbeats.living(), this.db.one<Pace>(paceOfLast)])
    const slots = workers.reduce((sum, worker) => sum + (worker.off === null ? worker.slots : 0), 0)
    const everyMs = pace && turnMs(pace, slots)
    // What is not known yet is asked for again: the first worker, and the first verdict.
    this.#pace = everyMs === null ? null : { everyMs, at: now }
    return everyMs
  }
}

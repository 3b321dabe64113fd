import { GradingProgress } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import type { Readable } from 'node:stream'
import { Problem, type EventStream, type EventStreams } from '../platform/index.js'
import type { GradingQueue } from './grading-queue.js'
import type { Outage } from './outage.js'
import type { QueuePlace, QueuePlaces } from './queue-places.js'
import { SingleFlight } from './single-flight.js'
import { SubmissionFeed } from './submission-feed.js'
import type { SubmissionReader } from './submission-reader.js'
import type { Audience } from './submission-view.js'

/** Open streams of one person on one replica. */
const mostStreams = 20
/** A reader that lets this much wait is not reading. */
const mostBufferedBytes = 4 << 20
const pollMs = 5_000
/** Places in the queue move with each verdict; they are counted anew at most this often. */
const placesMs = 1_000

interface Follower {
  submission: string
  person: string
  feed: SubmissionFeed
  stream: EventStream
  refresh: SingleFlight
}

/**
 * The open event streams of this replica. Workers' progress and other replicas' verdicts come in by Redis; a slow look at the database
 * finds what Redis lost, so that no browser waits for an event that never comes.
 */
export class LiveSubmissions {
  readonly #followers = new Map<string, Set<Follower>>()
  readonly #poll = new SingleFlight(() => this.#lookAtAll())
  readonly #timer: NodeJS.Timeout
  #soon: NodeJS.Timeout | null = null
  #closed = false

  constructor(
    private readonly reader: SubmissionReader,
    private readonly places: QueuePlaces,
    private readonly queue: GradingQueue,
    private readonly streams: EventStreams,
    private readonly outage: Outage,
  ) {
    this.#timer = setInterval(() => this.#poll.ask(), pollMs)
    this.#timer.unref()
  }

  /** The stream of one reader, snapshot first. Throws `not_found`, or `too_many_requests` when the person has too many open. */
  async open(submission: string, person: string, audience: Audience): Promise<Readable> {
    if (this.#closed) throw new Problem('unavailable', { detail: 'The server is stopping.' })
    if (this.#everyone().filter((one) => one.person === person).length >= mostStreams)
      throw new Problem('too_many_requests', {
        detail: `You have ${mostStreams} event streams open; close one first.`,
        headers: { 'retry-after': '5' },
      })
    const follower = this.#follow(submission, person, audience)
    try {
      // We are listening already: nothing that happens from here on falls between the snapshot and the events.
      const stored = await this.reader.find(submission)
      if (!stored) throw new Problem('not_found')
      const waiting = !isFinal(stored.grading.state)
      const [place, progress] = waiting
        ? await Promise.all([
            this.#placeOf(submission),
            this.queue.lastProgress(submission, stored.grading.id).catch(() => null),
          ])
        : [null, null]
      follower.feed.snapshot(stored, place, progress)
      this.#endIfOver(follower)
      // A verdict that came while we read is told now.
      if (!follower.feed.ended) follower.refresh.ask()
      return follower.stream.readable
    } catch (error) {
      follower.stream.readable.destroy()
      throw error
    }
  }

  /** From BullMQ's event; `jobId` begins with the submission's id. Anyone with Redis may have written it. */
  onProgress(jobId: string, data: unknown): void {
    const followers = this.#followers.get(jobId.slice(0, 36))
    if (!followers) return
    const progress = GradingProgress.safeParse(data)
    if (!progress.success) return
    for (const follower of followers) follower.feed.progress(progress.data)
  }

  /** Something about the submission was stored, here or on another replica. */
  onStored(submission: string): void {
    for (const follower of this.#followers.get(submission) ?? []) follower.refresh.ask()
    if (this.#soon || !this.#everyone().some((one) => one.feed.state === 'queued')) return
    this.#soon = setTimeout(() => {
      this.#soon = null
      this.#poll.ask()
    }, placesMs)
    this.#soon.unref()
  }

  /** Ends every stream: browsers connect again, to a replica that lives. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    if (this.#soon) clearTimeout(this.#soon)
    const everyone = this.#everyone()
    for (const follower of everyone) {
      follower.stream.end()
      this.#leave(follower)
    }
    await Promise.all([this.#poll.settled(), ...everyone.map((follower) => follower.refresh.settled())])
  }

  #everyone(): Follower[] {
    return [...this.#followers.values()].flatMap((followers) => [...followers])
  }

  #follow(submission: string, person: string, audience: Audience): Follower {
    const stream = this.streams.open()
    const feed = new SubmissionFeed(audience, ({ event, data }) => {
      if (stream.readable.readableLength + stream.readable.writableLength > mostBufferedBytes)
        stream.readable.destroy()
      else stream.send(event, data)
    })
    const follower: Follower = {
      submission,
      person,
      feed,
      stream,
      refresh: new SingleFlight(() => this.#refresh(follower)),
    }
    const followers = this.#followers.get(submission) ?? new Set()
    this.#followers.set(submission, followers.add(follower))
    stream.onClose(() => this.#leave(follower))
    return follower
  }

  #leave(follower: Follower): void {
    const followers = this.#followers.get(follower.submission)
    if (followers?.delete(follower) && followers.size === 0) this.#followers.delete(follower.submission)
  }

  #endIfOver(follower: Follower): void {
    if (!follower.feed.ended) return
    follower.stream.end()
    this.#leave(follower)
  }

  async #refresh(follower: Follower): Promise<void> {
    if (this.#closed || follower.feed.ended || !follower.stream.open) return
    try {
      const stored = await this.reader.find(follower.submission)
      if (!stored) return
      const queued = stored.grading.state === 'queued'
      follower.feed.stored(stored, queued ? await this.#placeOf(follower.submission) : null)
      this.#endIfOver(follower)
      this.outage.worked()
    } catch (error) {
      this.outage.failed(error)
    }
  }

  async #placeOf(submission: string): Promise<QueuePlace | null> {
    return (await this.places.of([submission])).get(submission) ?? null
  }

  /** Two queries for all streams, and one look at each whose state is not what its reader was told. */
  async #lookAtAll(): Promise<void> {
    const submissions = [...this.#followers.keys()]
    if (submissions.length === 0 || this.#closed) return
    try {
      const [states, places] = await Promise.all([
        this.reader.states(submissions),
        this.places.of(submissions),
      ])
      for (const follower of this.#everyone()) {
        const state = states.get(follower.submission)
        const place = places.get(follower.submission)
        if (state !== follower.feed.state || (state === 'queued' && !place)) follower.refresh.ask()
        else if (place) follower.feed.moved(place)
      }
    } catch (error) {
      this.outage.failed(error)
    }
  }
}

import type { CheckResult, GradingProgress, GradingState, Stage, SubmissionEvent } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import { secretMatches } from './grading-secret.js'
import type { QueuePlace } from './queue-places.js'
import {
  checkView,
  checksView,
  finishedChecks,
  placeView,
  submissionView,
  type Audience,
  type FinishedCheck,
  type StoredSubmission,
} from './submission-view.js'

/**
 * What one reader of a submission's events was told, and what they are told next: `snapshot` first, then `stage` and `check` as they
 * change, `verdict` last and once. Sources may repeat, overtake each other or be lost: what is stored is the truth, progress is the
 * whole state so far, and only the difference is told. Pure but for `emit`.
 */
export class SubmissionFeed {
  #stored: StoredSubmission | null = null
  #place: QueuePlace | null = null
  #stage: Stage | null = null
  #progressAt = ''
  /** What came before the snapshot: only the latest matters. */
  #early: GradingProgress | null = null
  #ended = false
  readonly #told = new Map<string, string>()

  constructor(
    private readonly audience: Audience,
    private readonly emit: (event: SubmissionEvent) => void,
  ) {}

  get ended(): boolean {
    return this.#ended
  }
  get state(): GradingState | null {
    return this.#stored?.grading.state ?? null
  }
  /** The first event. `progress`: what the job says of itself, if it says anything. */
  snapshot(stored: StoredSubmission, place: QueuePlace | null, progress: GradingProgress | null): void {
    this.#stored = stored
    const view = submissionView(stored, this.audience, place)
    const latest = [progress, this.#early]
      .filter((candidate) => candidate !== null)
      .sort((a, b) => a.at.localeCompare(b.at))
      .at(-1)
    this.#early = null
    const running = latest ? this.#trusted(latest) : null
    if (latest && running) {
      view.status = 'running'
      delete view.queuePosition
      delete view.startsInSeconds
      view.checks = checksView(stored.definitions, running, this.audience)
    }
    for (const check of view.checks) this.#told.set(check.id, JSON.stringify(check))
    this.#place = view.queuePosition === undefined ? null : place
    this.emit({ event: 'snapshot', data: view })
    if (isFinal(stored.grading.state)) return this.#verdict(stored)
    if (latest && running) this.#tellStage(latest.stage, latest.at)
    else if (stored.grading.state === 'queued') this.#tellStage('queued', new Date().toISOString())
    if (latest) this.#progressAt = latest.at
  }

  /** Ignored when it is not of the grading under way, brings a wrong secret, or is older than what was told. */
  progress(progress: GradingProgress): void {
    if (this.#ended) return
    if (!this.#stored) {
      if (!this.#early || this.#early.at <= progress.at) this.#early = progress
      return
    }
    if (progress.at < this.#progressAt) return
    const checks = this.#trusted(progress)
    if (!checks) return
    this.#progressAt = progress.at
    if (progress.stage !== this.#stage) this.#tellStage(progress.stage, progress.at)
    this.#tellChecks(checks)
  }

  /** What is stored now. */
  stored(stored: StoredSubmission, place: QueuePlace | null): void {
    if (this.#ended || !this.#stored) return
    const before = this.#stored.grading.state
    this.#stored = stored
    const { state, checks } = stored.grading
    if (isFinal(state)) {
      this.#tellChecks(checks)
      return this.#verdict(stored)
    }
    // Its worker was lost: it begins anew, and so do we.
    if (before === 'running' && state === 'queued') this.#progressAt = ''
    // Progress overtakes what is stored: once a worker spoke, `queued` is old news.
    if (this.#progressAt !== '') return
    const at = new Date().toISOString()
    if (state === 'running') {
      if (this.#stage === 'queued' || this.#stage === null) this.#tellStage('preparing', at)
    } else if (this.#stage === 'queued') {
      this.moved(place)
    } else {
      this.#place = place
      this.#tellStage('queued', at)
    }
  }

  /** Where it stands now, while it is queued. */
  moved(place: QueuePlace | null): void {
    if (this.#ended || this.#stage !== 'queued' || samePlace(place, this.#place)) return
    this.#place = place
    this.#tellStage('queued', new Date().toISOString())
  }

  #trusted(progress: GradingProgress): FinishedCheck[] | null {
    const stored = this.#stored
    if (!stored || isFinal(stored.grading.state)) return null
    if (progress.grading !== stored.grading.id) return null
    if (!secretMatches(progress.secret, stored.grading.secretHash)) return null
    return finishedChecks(stored.definitions, progress.checks)
  }

  #tellStage(stage: Stage, at: string): void {
    this.#stage = stage
    const place = stage === 'queued' ? this.#place : null
    if (stage !== 'queued') this.#place = null
    this.emit({ event: 'stage', data: { stage, at, ...placeView(place) } })
  }

  #tellChecks(checks: readonly FinishedCheck[]): void {
    for (const check of checks) {
      const definition = this.#stored?.definitions.find((candidate) => candidate.id === check.id)
      if (!definition) continue
      const view: CheckResult = checkView(definition, check, this.audience)
      const text = JSON.stringify(view)
      if (this.#told.get(view.id) === text) continue
      this.#told.set(view.id, text)
      this.emit({ event: 'check', data: view })
    }
  }

  #verdict(stored: StoredSubmission): void {
    this.#ended = true
    this.emit({ event: 'verdict', data: submissionView(stored, this.audience, null) })
  }
}

const samePlace = (one: QueuePlace | null, other: QueuePlace | null) =>
  one?.position === other?.position && one?.startsInSeconds === other?.startsInSeconds

/** Does one grading job: fetches its lab, grades, and tries again what was the fault of the engine or the host. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckReport, GradingJob, LabBundle, ResultMessage, Stage } from '@cooperage/contracts'
import { gradeSubmission, type GradingOutcome } from '@cooperage/grading'
import { EngineFault } from '@cooperage/sandbox'
import { BundleRefused, type Bundles } from './bundles.js'
import { shareOf, type Capacity } from './capacity.js'
import type { EngineHealth } from './engine-health.js'
import { ApiAway } from './internal-api.js'
import type { Logger } from './log.js'
import type { PodPool } from './pod-pool.js'

/** Pauses after each fault of an engine that answers (ms); after as many the grading ends as a fault. */
const faultPauses = [200, 1_000, 3_000, 8_000]
/** An author's mistake is not likely to go away: it is tried once more, in case the host had a part in it. */
const labTries = 2
/** How long a restart of the engine or of the API may take before the job is left to whoever comes first (ms). */
const patienceMs = 25_000
/** An engine that goes away so often during one grading goes away because of it. */
const outagesAllowed = 3
const apiPauseMs = 1_000

export interface GraderParts {
  readonly bundles: Bundles
  readonly pool: PodPool
  readonly capacity: Capacity
  readonly health: EngineHealth
  readonly worker: string
  readonly log: Logger
}

/** The job is to go back into the queue: whoever can do it later, does it. */
export class PutBack extends Error {
  override readonly name = 'PutBack'
}

type Verdict = Extract<ResultMessage, { kind: 'graded' | 'fault' }>

export class Grader {
  constructor(private readonly parts: GraderParts) {}

  /** Resolves to what is to be told. Throws PutBack, or the signal's reason. */
  async grade(
    job: GradingJob,
    onProgress: (stage: Stage, checks: CheckReport[]) => void,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const { submission, grading, secret } = job
    const base = { submission, grading, secret, worker: this.parts.worker }
    const tries = new Tries()
    for (;;) {
      signal.throwIfAborted()
      const attempt = await this.attempt(job, onProgress, signal)
      if (attempt.kind === 'graded') {
        return { ...base, ...attempt }
      }
      this.parts.log.warn(
        { grading, origin: attempt.origin, reason: attempt.reason },
        'a grading had a fault',
      )
      onProgress('retrying', attempt.checks)
      if (!(await this.mayTryAgain(attempt, tries, signal))) {
        const reason = attempt.reason.slice(0, 1000)
        return { ...base, kind: 'fault', reason, checks: attempt.checks }
      }
    }
  }

  private async attempt(
    job: GradingJob,
    onProgress: (stage: Stage, checks: CheckReport[]) => void,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const bundle = await this.bundle(job.labRevision, signal)
    if (bundle instanceof BundleRefused) {
      return { kind: 'fault', origin: 'bundle', reason: bundle.message, checks: [] }
    }
    let giveBack: () => void
    try {
      giveBack = await this.parts.capacity.take(shareOf(bundle), signal)
    } catch (error) {
      if (!(error instanceof EngineFault)) throw error
      return { kind: 'fault', origin: 'engine', reason: error.message, checks: [] }
    }
    const lease = this.parts.pool.lease()
    try {
      return await gradeSubmission({
        takePod: lease.take,
        bundle,
        files: job.files,
        onProgress: ({ stage, checks }) => onProgress(stage, checks),
        signal,
      })
    } finally {
      lease.end()
      giveBack()
    }
  }

  /** Waits for an API that restarts. Throws PutBack when that takes long. */
  private async bundle(revision: string, signal: AbortSignal): Promise<LabBundle | BundleRefused> {
    const until = Date.now() + patienceMs
    for (;;) {
      try {
        return await this.parts.bundles.get(revision)
      } catch (error) {
        if (error instanceof BundleRefused) return error
        if (!(error instanceof ApiAway)) throw error
        if (Date.now() > until) throw new PutBack(error.message)
        await sleep(apiPauseMs, undefined, { signal }).catch(() => undefined)
        signal.throwIfAborted()
      }
    }
  }

  private async mayTryAgain(fault: Fault, tries: Tries, signal: AbortSignal): Promise<boolean> {
    const { health, pool } = this.parts
    if (fault.origin === 'lab') return (tries.lab += 1) < labTries
    if (fault.origin === 'engine') {
      pool.suspend()
      if (!(await health.check())) {
        if ((tries.outages += 1) > outagesAllowed) return false
        if (!(await health.whenUp(patienceMs))) throw new PutBack(fault.reason)
        pool.open()
        return true
      }
      pool.open()
    }
    const pause = faultPauses[tries.faults]
    tries.faults += 1
    if (pause === undefined) return false
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    return true
  }
}

type Graded = Extract<GradingOutcome, { kind: 'graded' }>
interface Fault {
  kind: 'fault'
  origin: 'engine' | 'lab' | 'bundle'
  reason: string
  checks: CheckReport[]
}
type Attempt = Graded | Fault

class Tries {
  faults = 0
  lab = 0
  outages = 0
}

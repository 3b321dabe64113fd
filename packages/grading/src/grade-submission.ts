import type { CheckReport, CheckSpec, GradingJob, LabBundle, SandboxFacts, Stage } from '@cooperage/contracts'
import type { SubmittedFile } from '@cooperage/domain'
import { EngineFault, FilesRefused, type DroppedEntry } from '@cooperage/sandbox'
import { graderLimits } from './bounds.js'
import { ExecChecks, execReport, refusedMessage } from './exec-checks.js'
import { lostMessage } from './messages.js'
import { Ledger } from './needs.js'
import { phasesOf, type Phase } from './phases.js'
import { PodSlot, type TakePod } from './pod-slot.js'
import { copyFailed, LabFault, ScriptChecks, type Exited, type ScriptCheck } from './script-checks.js'
import { TimeBudget } from './time-budget.js'
import { placed, submittedWorkspace } from './workspace.js'

export interface GradingRequest {
  readonly takePod: TakePod
  readonly bundle: LabBundle
  readonly files: GradingJob['files']
  /** The whole state so far: called at each stage and after each check. Must not throw. */
  readonly onProgress: (progress: { stage: Stage; checks: CheckReport[] }) => void
  /** Ends the grading early: its containers are let go and its reason is thrown. */
  readonly signal: AbortSignal
}

export type GradingOutcome =
  /** One report for each check, in the lab's order, and what the learner's container was (the grader's in a lab without exec checks). */
  | {
      kind: 'graded'
      checks: CheckReport[]
      preparingMs: number
      gradingMs: number
      sandbox: SandboxFacts
    }
  /** No verdict, and not the learner's fault: `engine` may go away by itself, `lab` is the author's mistake. */
  | { kind: 'fault'; origin: 'engine' | 'lab'; reason: string; checks: CheckReport[] }

/**
 * Runs a lab's checks on submitted files. Whatever the submission does is a verdict; a fault of the engine or of the lab is
 * a value too. Throws only what is a mistake of this code, or the signal's reason.
 */
export async function gradeSubmission(request: GradingRequest): Promise<GradingOutcome> {
  await using grading = new Grading(request)
  const onAbort = () => void grading[Symbol.asyncDispose]()
  request.signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await grading.run()
  } catch (error) {
    // Letting go of the containers makes what runs in them fail: not the reason that counts.
    request.signal.throwIfAborted()
    if (error instanceof LabFault) {
      return { kind: 'fault', origin: 'lab', reason: error.message, checks: grading.checksWith(error.report) }
    }
    if (error instanceof EngineFault) {
      return { kind: 'fault', origin: 'engine', reason: error.message, checks: grading.checksWith(null) }
    }
    throw error
  } finally {
    request.signal.removeEventListener('abort', onAbort)
  }
}

type ExecOutcomes = ReadonlyMap<string, Exited>

class Grading implements AsyncDisposable {
  private readonly ledger: Ledger
  private readonly budget: TimeBudget
  private readonly learner: PodSlot
  private readonly grader: PodSlot
  private readonly submitted: readonly SubmittedFile[]
  private readonly execs: ExecChecks
  private readonly startedAt = performance.now()
  private preparingMs: number | null = null
  private stage: Stage = 'preparing'

  constructor(private readonly request: GradingRequest) {
    const { bundle, takePod, files } = request
    const { spec, imageTag: image } = bundle
    const limits = spec.environment.limits
    this.ledger = new Ledger(spec.checks)
    this.budget = new TimeBudget(spec.timeoutSeconds * 1000)
    const take: TakePod = (pod) => takePod(pod).then(this.notePrepared)
    this.learner = new PodSlot(take, { image, role: 'learner', limits })
    this.grader = new PodSlot(take, { image, role: 'grader', limits: graderLimits(limits) })
    this.submitted = submittedWorkspace(bundle, files)
    const workspace = this.submitted.map((file) => placed('/workspace', file))
    this.execs = new ExecChecks(this.learner, workspace, this.budget, spec.timeoutSeconds)
  }

  async run(): Promise<GradingOutcome> {
    this.progress('preparing')
    const { checks } = this.request.bundle.spec
    if (checks.some((check) => check.exec)) this.learner.prepare()
    if (checks.some((check) => check.script)) this.grader.prepare()
    for (const phase of phasesOf(checks)) {
      const outcomes = await this.runExecs(phase)
      await this.runScripts(phase, outcomes)
    }
    this.progress('finishing')
    const now = performance.now()
    const preparingMs = this.preparingMs ?? now - this.startedAt
    const sandbox = this.learner.facts ?? this.grader.facts
    if (!sandbox) throw new EngineFault('no container of this grading ever took its files')
    return {
      kind: 'graded',
      checks: this.ledger.settled(),
      preparingMs: Math.round(preparingMs),
      gradingMs: Math.round(now - this.startedAt - preparingMs),
      sandbox,
    }
  }

  /** Settled reports, with that of the check that had the fault in its place. */
  checksWith(faulty: CheckReport | null): CheckReport[] {
    if (faulty) this.ledger.record(faulty)
    return this.ledger.settled()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.learner[Symbol.asyncDispose](), this.grader[Symbol.asyncDispose]()])
  }

  private async runExecs(phase: Phase): Promise<ExecOutcomes> {
    const outcomes = new Map<string, Exited>()
    if (phase.execs.length > 0) this.progress('exec')
    for (const check of phase.execs) {
      this.request.signal.throwIfAborted()
      if (!check.exec || this.ledger.isDecided(check.id)) continue
      const verdict = await this.execs.run({ ...check, exec: check.exec })
      this.request.signal.throwIfAborted()
      if (verdict.kind === 'passed' && check.script) outcomes.set(check.id, verdict.outcome)
      else this.record(execReport(check.id, verdict))
    }
    return outcomes
  }

  private async runScripts(phase: Phase, outcomes: ExecOutcomes): Promise<void> {
    let waiting = this.waitingScripts(phase)
    if (waiting.length === 0) return
    this.progress('script')
    // What a grader of an earlier phase holds is an older copy.
    await this.grader.discard()
    let copy: { files: readonly SubmittedFile[]; dropped: readonly DroppedEntry[] } | null = null
    const collected = await this.execs.collect()
    this.request.signal.throwIfAborted()
    if (collected?.kind === 'collected') {
      copy = {
        files: [...collected.files].map(([path, content]) => ({ path, content })),
        dropped: collected.dropped,
      }
    } else if (collected?.kind === 'lost' && waiting[0]) {
      this.record(copyFailed(waiting[0].id, lostMessage(collected.reason)))
    }
    let refused = false
    let scripts = this.scriptChecks(copy, outcomes)
    for (;;) {
      waiting = this.waitingScripts(phase)
      const check = waiting[0]
      if (!check) return
      this.request.signal.throwIfAborted()
      try {
        this.record(await scripts.run(check))
      } catch (error) {
        if (!(error instanceof FilesRefused)) throw error
        // More than a grader holds: that check pays, and the others see the files as they were submitted.
        if (refused) throw new LabFault(refusedMessage(error), errorReport(check.id))
        refused = true
        this.record(copyFailed(check.id, refusedMessage(error)))
        scripts = this.scriptChecks(null, outcomes)
      }
    }
  }

  private scriptChecks(
    copy: { files: readonly SubmittedFile[]; dropped: readonly DroppedEntry[] } | null,
    outcomes: ExecOutcomes,
  ): ScriptChecks {
    return new ScriptChecks(
      this.grader,
      this.request.bundle,
      this.budget,
      copy ?? { files: this.submitted, dropped: [] },
      outcomes,
    )
  }

  private waitingScripts(phase: Phase): ScriptCheck[] {
    return phase.scripts.filter(
      (check): check is CheckSpec & { script: string } =>
        check.script !== undefined && !this.ledger.isDecided(check.id),
    )
  }

  private record(report: CheckReport): void {
    this.ledger.record(report)
    this.progress(this.stage)
  }

  private progress(stage: Stage): void {
    this.stage = stage
    this.request.onProgress({ stage, checks: this.ledger.settled() })
  }

  private readonly notePrepared = <T>(value: T): T => {
    this.preparingMs ??= performance.now() - this.startedAt
    return value
  }
}

const errorReport = (id: string): CheckReport => ({
  id,
  status: 'error',
  partialPoints: null,
  message: null,
  staffNote: null,
  durationMs: 0,
})

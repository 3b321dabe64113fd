/** Runs exec checks in the learner's container, one at a time, and compares outside of it. */
import type { CheckReport, CheckSpec, ExecSpec } from '@cooperage/contracts'
import {
  endsContainer,
  FilesRefused,
  type CollectOutcome,
  type ContainerFile,
  type ReadyContainer,
  type RunOutcome,
} from '@cooperage/sandbox'
import { checkOutputBytes, collectBounds, submissionOutputBytes } from './bounds.js'
import { budgetMessage, judgeExec, outputBudgetMessage } from './messages.js'
import type { PodSlot } from './pod-slot.js'
import type { TimeBudget } from './time-budget.js'
import { clip, visible } from './visible.js'

export type Verdict =
  | { kind: 'failed'; message: string; durationMs: number }
  | { kind: 'passed'; outcome: Extract<RunOutcome, { kind: 'exited' }> }

const probeMs = 5000

export class ExecChecks {
  private outputLeft = submissionOutputBytes

  constructor(
    private readonly slot: PodSlot,
    private readonly workspace: readonly ContainerFile[],
    private readonly budget: TimeBudget,
    private readonly gradingSeconds: number,
  ) {}

  /** Throws EngineFault. Everything that the submission can cause is a verdict. */
  async run(check: CheckSpec & { exec: ExecSpec }): Promise<Verdict> {
    const { exec } = check
    const failed = (message: string, durationMs = 0): Verdict => ({ kind: 'failed', message, durationMs })
    if (this.budget.spent) return failed(budgetMessage(this.gradingSeconds))
    if (this.outputLeft <= 0) return failed(outputBudgetMessage)

    let container
    try {
      container = await this.slot.fill(() => this.workspace)
    } catch (error) {
      if (error instanceof FilesRefused) return failed(refusedMessage(error))
      throw error
    }
    const ownMs = exec.timeoutSeconds * 1000
    const timeoutMs = Math.ceil(Math.min(ownMs, this.budget.leftMs))
    const outcome = await this.budget.charge(() =>
      container.run({
        argv: exec.run,
        ...(exec.stdin === undefined ? {} : { stdin: Buffer.from(exec.stdin, 'utf8') }),
        timeoutMs,
        maxBytes: Math.min(checkOutputBytes, this.outputLeft),
      }),
    )
    if (outcome.kind !== 'cannot-start') {
      this.outputLeft -= outcome.stdout.length + outcome.stderr.length
    }
    if (
      endsContainer(outcome) ||
      (outcome.kind === 'cannot-start' && !(await this.startsAnything(container)))
    ) {
      await this.slot.discard()
    }

    const durationMs = outcome.kind === 'cannot-start' ? 0 : outcome.durationMs
    if (outcome.kind === 'timeout' && timeoutMs < ownMs) {
      return failed(budgetMessage(this.gradingSeconds), durationMs)
    }
    const problem = judgeExec(exec, outcome, this.slot.request.limits, check.script !== undefined)
    if (problem !== null) return failed(problem, durationMs)
    // Only an outcome with an exit code is without a problem.
    return outcome.kind === 'exited' ? { kind: 'passed', outcome } : failed('', durationMs)
  }

  /**
   * A program that is not there is no reason for a fresh container, which would lose what earlier checks built; limits
   * that are used up are.
   */
  private async startsAnything(container: ReadyContainer): Promise<boolean> {
    const probe = await this.budget.charge(() =>
      container.run({ argv: ['true'], timeoutMs: probeMs, maxBytes: checkOutputBytes }),
    )
    return probe.kind === 'exited'
  }

  /**
   * The regular files of the workspace after the checks so far; null when no container is there that could have changed
   * them. Throws EngineFault.
   */
  async collect(): Promise<CollectOutcome | null> {
    const container = this.slot.current
    if (!container) return null
    const outcome = await this.budget.charge(() => container.collect(collectBounds(this.slot.request.limits)))
    if (outcome.kind === 'lost') await this.slot.discard()
    return outcome
  }
}

export const refusedMessage = (error: FilesRefused) =>
  `The files cannot be put into the workspace: ${clip(visible(error.message), 500)}.`

/** A report of a check that has a verdict by its exec alone. */
export const execReport = (id: string, verdict: Verdict): CheckReport => ({
  id,
  status: verdict.kind,
  partialPoints: null,
  message: verdict.kind === 'failed' ? clip(verdict.message) : null,
  staffNote: null,
  durationMs: Math.round(verdict.kind === 'failed' ? verdict.durationMs : verdict.outcome.durationMs),
})

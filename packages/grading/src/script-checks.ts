/** Runs script checks in the grader's container, beside a copy of the workspace that is data to them. */
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path/posix'
import type { CheckReport, CheckSpec, LabBundle } from '@cooperage/contracts'
import type { SubmittedFile } from '@cooperage/domain'
import {
  endsContainer,
  type ContainerFile,
  type DroppedEntry,
  type ReadyContainer,
  type RunOutcome,
} from '@cooperage/sandbox'
import { checkOutputBytes, scriptTimeoutMs } from './bounds.js'
import { budgetMessage, droppedMessage, scriptEndedMessage, scriptText } from './messages.js'
import type { PodSlot } from './pod-slot.js'
import { readTrailer, scriptArgv } from './script-command.js'
import type { TimeBudget } from './time-budget.js'
import { clip, textOf } from './visible.js'
import { decodeFiles, placed } from './workspace.js'

export type ScriptCheck = CheckSpec & { script: string }
export type Exited = Extract<RunOutcome, { kind: 'exited' }>

/** The author's mistake: no verdict, and nothing that a learner pays for. */
export class LabFault extends Error {
  override readonly name = 'LabFault'
  constructor(
    message: string,
    readonly report: CheckReport,
  ) {
    super(message)
  }
}

export class ScriptChecks {
  private readonly checks: readonly SubmittedFile[]
  private readonly gradingSeconds: number

  constructor(
    private readonly slot: PodSlot,
    bundle: LabBundle,
    private readonly budget: TimeBudget,
    private readonly copy: {
      readonly files: readonly SubmittedFile[]
      readonly dropped: readonly DroppedEntry[]
    },
    /** Exit code and output of the exec part of each check that has both. */
    private readonly execOutcomes: ReadonlyMap<string, Exited>,
  ) {
    this.gradingSeconds = bundle.spec.timeoutSeconds
    this.checks = decodeFiles(bundle.checks)
  }

  /** Throws EngineFault, LabFault, and FilesRefused when the copy does not fit. */
  async run(check: ScriptCheck): Promise<CheckReport> {
    const execMs = this.execOutcomes.get(check.id)?.durationMs ?? 0
    const report = (
      status: CheckReport['status'],
      message: string | null,
      durationMs: number,
      more: Partial<CheckReport> = {},
    ): CheckReport => ({
      id: check.id,
      status,
      partialPoints: null,
      message,
      staffNote: null,
      durationMs: Math.round(execMs + durationMs),
      ...more,
    })
    if (this.budget.spent) return report('failed', budgetMessage(this.gradingSeconds), 0)

    const script = this.checks.find((file) => file.path === check.script)
    if (!script) throw new LabFault('the script is not in the lab', report('error', null, 0))
    const container = await this.fill()
    const path = `/${script.path}`
    const marker = randomBytes(18).toString('base64url')
    const ownMs = check.timeoutSeconds === undefined ? scriptTimeoutMs : check.timeoutSeconds * 1000
    const timeoutMs = Math.ceil(Math.min(ownMs, this.budget.leftMs))
    const outcome = await this.budget.charge(() =>
      container.run({
        argv: scriptArgv(path, script.content, marker),
        env: environment(check.id, path, this.execOutcomes.has(check.id)),
        timeoutMs,
        maxBytes: checkOutputBytes,
      }),
    )
    if (endsContainer(outcome)) await this.slot.discard()

    if (outcome.kind === 'cannot-start') {
      const staffNote = clip(`The script could not be started: ${scriptText(outcome.message) ?? ''}`)
      throw new LabFault('a script could not be started', report('error', null, 0, { staffNote }))
    }
    const { stderr, points } = readTrailer(outcome.stderr, marker)
    const staffNote = scriptText(stderr)
    if (outcome.kind !== 'exited' || (outcome.oom && outcome.code > 1)) {
      const ended = outcome.kind === 'exited' ? ({ ...outcome, kind: 'died' } as const) : outcome
      const message =
        outcome.kind === 'timeout' && timeoutMs < ownMs
          ? budgetMessage(this.gradingSeconds)
          : scriptEndedMessage(ended, this.slot.request.limits, ownMs / 1000)
      return report('failed', message, outcome.durationMs, { staffNote })
    }
    if (outcome.code > 1) {
      const note = clip(`The script ended with ${outcome.code}.\n${staffNote ?? ''}`.trimEnd())
      throw new LabFault(
        `the script of the check "${check.id}" ended with ${outcome.code}`,
        report('error', null, outcome.durationMs, { staffNote: note }),
      )
    }
    const passed = outcome.code === 0
    return report(
      passed ? 'passed' : 'failed',
      this.message(textOf(outcome.stdout), passed),
      outcome.durationMs,
      { staffNote, partialPoints: points === null ? null : Math.min(points, check.points) },
    )
  }

  /** A script may look in vain for a file that was left out of the copy: then the learner is told. */
  private message(stdout: string, passed: boolean): string | null {
    const said = scriptText(stdout)
    const dropped = passed ? null : droppedMessage(this.copy.dropped)
    if (dropped === null) return said
    return said === null ? clip(dropped) : clip(`${clip(said, 3000)}\n${dropped}`)
  }

  private fill(): Promise<ReadyContainer> {
    return this.slot.fill(() => [
      ...this.copy.files.map((file) => ({ path: `/workspace/${file.path}`, content: file.content })),
      ...this.checks.map((file) => placed('', file)),
      ...[...this.execOutcomes].flatMap(([id, outcome]) => execFiles(id, outcome)),
    ])
  }
}

const execFiles = (id: string, outcome: Exited): ContainerFile[] => [
  { path: `/exec/${id}/exit`, content: Buffer.from(`${outcome.code}\n`) },
  { path: `/exec/${id}/stdout`, content: outcome.stdout },
  { path: `/exec/${id}/stderr`, content: outcome.stderr },
]

/**
 * The home is not the workspace and Python imports nothing from there: dot files and modules that a learner submits must
 * not steer what an author's script runs.
 */
const environment = (id: string, path: string, hasExec: boolean): Record<string, string> => ({
  HOME: '/tmp',
  PYTHONSAFEPATH: '1',
  // What the line above takes away: a script may import what lies beside it.
  PYTHONPATH: dirname(path),
  PYTHONNOUSERSITE: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  ...(hasExec ? { EXEC_DIR: `/exec/${id}` } : {}),
})

/** Every check that waits in vain because the copy cannot be had or put. */
export const copyFailed = (id: string, message: string): CheckReport => ({
  id,
  status: 'failed',
  partialPoints: null,
  message: clip(message),
  staffNote: null,
  durationMs: 0,
})

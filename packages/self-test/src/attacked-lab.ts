/** A small lab made on the spot, and what its grading says of a hostile submission: the worker's own grading, with all its code. */
import { randomBytes } from 'node:crypto'
import { LabBundle, type CheckReport, type CheckSpec } from '@cooperage/contracts'
import { gradeSubmission, type GradingOutcome } from '@cooperage/grading'
import type { ContainerLimits, LabEngine } from '@cooperage/sandbox'

export interface AttackedLab {
  /** As in `lab.yaml`; a script is named by its file below `checks/`. */
  readonly checks: readonly (Pick<CheckSpec, 'id'> & {
    readonly exec?: Partial<NonNullable<CheckSpec['exec']>> & Pick<NonNullable<CheckSpec['exec']>, 'run'>
    readonly script?: string
    readonly visibility?: CheckSpec['visibility']
    readonly points?: number
  })[]
  /** By name below `checks/`. */
  readonly scripts?: Readonly<Record<string, string>>
  /** Files of the workspace that the learner does not submit. */
  readonly fixed?: Readonly<Record<string, string>>
  readonly submitted: Readonly<Record<string, string>>
  readonly limits?: Partial<ContainerLimits>
}

interface Surroundings {
  readonly engine: LabEngine
  readonly image: string
  readonly owner: { readonly worker: string; readonly pod: string }
  /** Ends the grading early. */
  readonly signal: AbortSignal
}

/** What the self-test may take of a host that grades at the same time. */
const limits: ContainerLimits = { memoryMb: 128, cpus: 1, pids: 48, diskMb: 16 }

export async function gradeAttack(around: Surroundings, lab: AttackedLab): Promise<Graded> {
  const { engine, image, owner, signal } = around
  const bundle = LabBundle.parse({
    revision: '0'.repeat(64),
    course: 'self-test',
    lab: 'attacked',
    imageTag: image,
    spec: {
      title: 'Attacked',
      summary: 'A lab that is attacked.',
      difficulty: 'intro',
      minutes: 1,
      mode: 'files',
      files: Object.keys(lab.submitted),
      environment: { image: 'shell', limits: { ...limits, ...lab.limits } },
      timeoutSeconds: 60,
      checks: lab.checks.map(({ script, ...check }) => ({
        title: check.id,
        ...check,
        ...(script === undefined ? {} : { script: `checks/${script}`, timeoutSeconds: 10 }),
      })),
    },
    starter: encoded(lab.fixed ?? {}),
    checks: encoded(lab.scripts ?? {}, 'checks/'),
  })
  const outcome = await gradeSubmission({
    takePod: (request) => engine.start({ ...request, owner }),
    bundle,
    files: encoded(lab.submitted),
    onProgress: () => undefined,
    signal,
  })
  return new Graded(outcome)
}

const encoded = (files: Readonly<Record<string, string>>, folder = '') =>
  Object.entries(files).map(([name, text]) => ({
    path: `${folder}${name}`,
    base64: Buffer.from(text).toString('base64'),
  }))

export class Graded {
  constructor(readonly outcome: GradingOutcome) {}

  /** `attack failed, honest passed`; or why there is no verdict. */
  get verdict(): string {
    const { outcome } = this
    return outcome.kind === 'graded'
      ? outcome.checks.map(({ id, status }) => `${id} ${status}`).join(', ')
      : `no verdict: ${outcome.reason}`
  }

  /** Throws for a check without a verdict. */
  check(id: string): CheckReport {
    const report = this.outcome.checks.find((check) => check.id === id)
    if (!report) throw new Error(`the check ${id} has no verdict: ${this.verdict}`)
    return report
  }

  /** What a check tells; empty when it tells nothing. */
  says(id: string): string {
    return this.check(id).message ?? ''
  }
}

/** A value that nobody can guess, and that a search can recognise. */
export const decoy = (): string => `decoy-${randomBytes(12).toString('hex')}`

/** A submission in the language of each. */
export const bash = (lines: string): string => `#!/bin/bash\n${lines}\n`
export const python3 = (program: string): string => `#!/usr/bin/env python3\n${program}\n`

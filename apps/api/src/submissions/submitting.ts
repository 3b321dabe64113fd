import { Inject, Injectable } from '@nestjs/common'
import type { GradingState, WireFile } from '@cooperage/contracts'
import {
  isLate,
  maxScoreOf,
  readSubmittedFiles,
  refusal,
  type Dates,
  type FileFault,
  type Refusal,
  type SubmittedFile,
} from '@cooperage/domain'
import { createHash } from 'node:crypto'
import { CourseStore } from '../courses/index.js'
import { Database, newId, type StoredFile, type Transaction } from '../data/index.js'
import {
  CONFIGURATION,
  Heartbeats,
  Problem,
  type Caller,
  type CohortStanding,
  type Configuration,
} from '../platform/index.js'
import { GradingPipeline } from './grading-pipeline.js'
import { gradingSecret, secretHash } from './grading-secret.js'
import { countAttempts, datesOf, holdProgress, recountProgress, type LearnerLab } from './lab-progress.js'

export interface Accepted {
  id: string
  status: GradingState
}

/** Takes submissions: judged, stored with their first grading in one transaction, and only then handed to the queue. */
@Injectable()
export class Submitting {
  constructor(
    private readonly db: Database,
    private readonly courses: CourseStore,
    private readonly heartbeats: Heartbeats,
    private readonly pipeline: GradingPipeline,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Needs Postgres alone: with Redis away the submission waits for it. */
  async submit(
    caller: Caller,
    cohort: CohortStanding,
    labId: string,
    wireFiles: readonly WireFile[],
  ): Promise<Accepted> {
    const { lab } = await this.courses.getLab(cohort.course, labId)
    if (lab.spec.mode === 'live')
      throw new Problem('conflict', {
        detail: 'This lab is graded in its running session; it takes no files.',
      })
    const starter = await this.courses.starterOf(lab.revision)
    const files = judged(
      wireFiles,
      lab.spec.files,
      starter.map((file) => file.path),
    )
    await this.#refuseWhenUnavailable(lab.imageTag)
    const of: LearnerLab = { cohort: cohort.id, learner: caller.id, lab: labId }
    const maxScore = maxScoreOf(lab.spec.checks)
    const id = newId()
    await this.db.transaction(async (tx) => {
      await holdProgress(tx, of, maxScore)
      const attempts = await countAttempts(tx, of)
      const dates = await datesOf(tx, of)
      const now = new Date()
      // Staff try a lab out before it opens and after it closes, as often as they like.
      const refused = cohort.role === 'learner' ? refusal(dates, now, attempts.cost) : null
      if (refused) throw new Problem(refused, { detail: refusalText(refused, dates) })
      await this.#store(tx, of, {
        id,
        attempt: attempts.made + 1,
        submittedAt: now,
        late: isLate(dates, now),
        revision: lab.revision,
        files,
        maxScore,
      })
      await recountProgress(tx, of)
    })
    this.pipeline.poke()
    return { id, status: 'queued' }
  }

  /** A further grading of what is stored. What counts goes on counting until its verdict. */
  async regrade(submission: string): Promise<Accepted> {
    await this.db.transaction(async (tx) => {
      const row = await tx.one<{ learner_id: string; max_score: number; under_way: boolean }>(
        `SELECT s.learner_id, l.max_score,
                EXISTS (SELECT 1 FROM grading g WHERE g.submission_id = s.id AND g.state IN ('queued', 'running')) AS under_way
           FROM submission s JOIN lab_revision l ON l.revision = s.lab_revision WHERE s.id = $1 FOR UPDATE OF s`,
        [submission],
      )
      if (!row) throw new Problem('not_found')
      if (row.under_way) throw new Problem('conflict', { detail: 'The submission is being graded already.' })
      await this.#addGrading(tx, newId(), submission, row.learner_id, row.max_score)
    })
    this.pipeline.poke()
    return { id: submission, status: 'queued' }
  }

  async #store(
    tx: Transaction,
    of: LearnerLab,
    made: {
      id: string
      attempt: number
      submittedAt: Date
      late: boolean
      revision: string
      files: readonly SubmittedFile[]
      maxScore: number
    },
  ): Promise<void> {
    const grading = newId()
    await tx.query(
      `INSERT INTO submission (id, cohort_id, lab, lab_revision, learner_id, attempt, submitted_at, late, files, files_hash,
                               counted_grading_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        made.id,
        of.cohort,
        of.lab,
        made.revision,
        of.learner,
        made.attempt,
        made.submittedAt,
        made.late,
        JSON.stringify(made.files.map(storedFile)),
        hashOf(made.files),
        grading,
      ],
    )
    await this.#addGrading(tx, grading, made.id, of.learner, made.maxScore)
  }

  async #addGrading(
    tx: Transaction,
    id: string,
    submission: string,
    learner: string,
    maxScore: number,
  ): Promise<void> {
    const secret = gradingSecret(this.configuration.COOPERAGE_SECRET.reveal(), id)
    await tx.query(
      `INSERT INTO grading (id, submission_id, learner_id, state, secret_hash, max_score) VALUES ($1, $2, $3, 'queued', $4, $5)`,
      [id, submission, learner, secretHash(secret), maxScore],
    )
  }

  /** With no lab host in sight the submission is taken and waits; a host that says it cannot grade this lab is believed. */
  async #refuseWhenUnavailable(imageTag: string): Promise<void> {
    const why = await this.heartbeats.whyNot(imageTag)
    if (why === null) return
    const off = this.configuration.LABS_OFF_REASON !== null
    if (off || (await this.heartbeats.living()).length > 0)
      throw new Problem('lab_unavailable', { detail: why, headers: { 'retry-after': '30' } })
  }
}

function judged(
  files: readonly WireFile[],
  globs: readonly string[],
  starter: readonly string[],
): SubmittedFile[] {
  const read = readSubmittedFiles(files, globs, starter)
  if ('files' in read) return read.files
  const [first] = read.faults as [FileFault, ...FileFault[]]
  throw new Problem(first.code, {
    detail: `${first.path}: ${first.message}`,
    errors: read.faults.slice(0, 100).map(({ path, message }) => ({ path, message })),
  })
}

function refusalText(refused: Refusal, dates: Dates): string {
  switch (refused) {
    case 'lab_not_open':
      return `The lab opens at ${dates.opensAt?.toISOString()}.`
    case 'lab_closed':
      return 'The lab takes no more submissions.'
    case 'attempts_used_up':
      return `All ${dates.maxAttempts} attempts are used.`
  }
}

const storedFile = (file: SubmittedFile): StoredFile => ({
  path: file.path,
  base64: Buffer.from(file.content).toString('base64'),
})

/** Over the files in the order of their paths; each part is preceded by its length, so that no two sets of files read alike. */
function hashOf(files: readonly SubmittedFile[]): string {
  const hash = createHash('sha256')
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const path = Buffer.from(file.path)
    hash.update(`${path.length}:`).update(path).update(`${file.content.length}:`).update(file.content)
  }
  return hash.digest('hex')
}

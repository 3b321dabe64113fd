import { Injectable } from '@nestjs/common'
import type { Submission, SubmissionSummary, WireFile } from '@cooperage/contracts'
import { CourseStore, toWireFile } from '../courses/index.js'
import { isId } from '../data/index.js'
import {
  decodeCursor,
  Problem,
  toPage,
  type Caller,
  type CohortStanding,
  type Page,
} from '../platform/index.js'
import { QueuePlaces } from './queue-places.js'
import { SubmissionReader, type SubmissionRow } from './submission-reader.js'
import { submissionView, type Audience } from './submission-view.js'

/** Submissions as people read them. */
@Injectable()
export class Submissions {
  constructor(
    private readonly reader: SubmissionReader,
    private readonly places: QueuePlaces,
    private readonly courses: CourseStore,
  ) {}

  async get(id: string, audience: Audience): Promise<Submission> {
    const stored = await this.reader.find(id)
    if (!stored) throw new Problem('not_found')
    const place = stored.grading.state === 'queued' ? (await this.places.of([id])).get(id) : null
    return submissionView(stored, audience, place ?? null)
  }

  /** Newest first; learners see their own, staff everybody's or one learner's. */
  async list(
    caller: Caller,
    cohort: CohortStanding,
    staff: boolean,
    lab: string,
    query: Page & { learner?: string | undefined },
  ) {
    if (!staff && query.learner !== undefined && query.learner !== caller.id)
      throw new Problem('forbidden', { detail: 'Learners see their own submissions.' })
    const before = decodeCursor(query.cursor, isId)
    const rows = await this.reader.list({
      cohort: cohort.id,
      lab,
      learner: staff ? (query.learner ?? null) : caller.id,
      before,
      limit: query.limit + 1,
    })
    // A lab that the course no longer has keeps its submissions; one that it never had is not there.
    if (rows.length === 0) await this.courses.getLab(cohort.course, lab)
    return toPage(rows, query.limit, (row) => row.id, summaryOf)
  }

  async files(id: string): Promise<{ files: WireFile[] }> {
    return { files: (await this.reader.files(id)).map(toWireFile) }
  }
}

const summaryOf = (row: SubmissionRow): SubmissionSummary => ({
  id: row.id,
  learner: { id: row.learner_id, name: row.learner_name },
  submittedAt: row.submitted_at.toISOString(),
  status: row.state,
  score: row.state === 'graded' ? row.score : null,
  maxScore: row.max_score,
  attempt: row.attempt,
  late: row.late,
})

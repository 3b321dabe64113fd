import { Injectable } from '@nestjs/common'
import type { CohortProgress, LearnerProgress } from '@cooperage/contracts'
import { isStuck, percentDone } from '@cooperage/domain'
import { CourseStore, type CourseContent } from '../courses/index.js'
import { Database, isId } from '../data/index.js'
import { decodeCursor, toPage, type CohortStanding, type Page } from '../platform/index.js'
import { itemProgress, maxScoreOfItem, type LearnerRows } from './item-progress.js'
import { ProgressRows } from './progress-rows.js'

interface Learner {
  id: string
  name: string
  email: string
}

/** Learners × items, for staff: a page of learners costs the same number of queries, whatever they did. */
@Injectable()
export class CohortMatrix {
  constructor(
    private readonly database: Database,
    private readonly courses: CourseStore,
    private readonly rows: ProgressRows,
  ) {}

  async get(cohort: CohortStanding, { limit, cursor }: Page): Promise<CohortProgress> {
    const [content, learners] = await Promise.all([
      this.courses.get(cohort.course),
      this.database.query<Learner>(
        `SELECT u.id, u.name, u.email
           FROM enrolment e JOIN "user" u ON u.id = e.user_id
          WHERE e.cohort_id = $1 AND e.role = 'learner'
            AND ($2::uuid IS NULL OR (lower(u.name), u.id) > (SELECT lower(name), id FROM "user" WHERE id = $2))
          ORDER BY lower(u.name), u.id LIMIT $3`,
        [cohort.id, decodeCursor(cursor, isId), limit + 1],
      ),
    ])
    const page = learners.slice(0, limit)
    const of = await this.rows.of(
      cohort.id,
      page.map((learner) => learner.id),
    )
    const now = new Date()
    return {
      columns: content.items.map((item) => ({
        kind: item.kind,
        id: item.id,
        title: item.title,
        module: item.module,
        maxScore: maxScoreOfItem(item),
      })),
      ...toPage(
        learners,
        limit,
        (learner) => learner.id,
        (learner) => learnerProgress(content, learner, of(learner.id), now),
      ),
    }
  }
}

function learnerProgress(
  content: CourseContent,
  learner: Learner,
  rows: LearnerRows,
  now: Date,
): LearnerProgress {
  const items = content.items.map((item) => itemProgress(item, rows))
  const times = items.map((item) => item.lastAt).filter((at) => at !== null)
  return {
    learner,
    items,
    percent: percentDone(items),
    lastActiveAt: times.toSorted().at(-1) ?? null,
    stuckOn: [...rows.labs.values()]
      .filter((lab) => content.lab(lab.id) && isStuck(lab, now))
      .map((lab) => lab.id),
  }
}

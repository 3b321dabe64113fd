import { Injectable } from '@nestjs/common'
import type { MyProgress, ResponseOf, routes, Schedule } from '@cooperage/contracts'
import { effectiveDates, percentDone } from '@cooperage/domain'
import { CourseStore, type CourseContent } from '../courses/index.js'
import { Database } from '../data/index.js'
import { Problem, type Caller, type CohortStanding } from '../platform/index.js'
import { itemProgress } from './item-progress.js'
import { ProgressRows } from './progress-rows.js'

const recentLength = 10

interface DateRow {
  lab: string
  schedule: Schedule | null
  extendedTo: Date | null
}
interface RecentRow {
  submission: string
  lab: string
  at: Date
  status: string
  score: number | null
  maxScore: number
}

/** What a learner sees of their own way through the course. */
@Injectable()
export class OwnProgress {
  constructor(
    private readonly database: Database,
    private readonly courses: CourseStore,
    private readonly rows: ProgressRows,
  ) {}

  async get(caller: Caller, cohortId: string): Promise<MyProgress> {
    const cohort = await this.database.one<{ course: string; member: boolean }>(
      `SELECT c.course_id AS course, e.user_id IS NOT NULL AS member
         FROM cohort c LEFT JOIN enrolment e ON e.cohort_id = c.id AND e.user_id = $2 WHERE c.id = $1`,
      [cohortId, caller.id],
    )
    if (!cohort || !(cohort.member || caller.role === 'admin')) throw new Problem('not_found')
    const content = await this.courses.get(cohort.course)
    const [of, dates, recent] = await Promise.all([
      this.rows.of(cohortId, [caller.id]),
      this.dates(cohortId, caller.id),
      this.recent(cohortId, caller.id),
    ])
    const items = content.items.map((item) => itemProgress(item, of(caller.id)))
    const next = content.items.find((_, index) => items[index]?.status !== 'done')
    const done = new Set(items.filter((item) => item.status === 'done').map((item) => item.id))
    return {
      cohort: cohortId,
      course: cohort.course,
      items,
      percent: percentDone(items),
      next: next ? { kind: next.kind, id: next.id, title: next.title } : null,
      due: dueLabs(content, dates, done),
      recent: recent.map((row) => ({
        ...row,
        at: row.at.toISOString(),
        title: content.lab(row.lab)?.spec.title ?? row.lab,
      })),
    }
  }

  async markLesson(
    caller: Caller,
    cohort: CohortStanding,
    lesson: string,
    completed: boolean,
  ): Promise<ResponseOf<typeof routes.setLessonProgress>> {
    const content = await this.courses.get(cohort.course)
    if (!content.lesson(lesson)) throw new Problem('not_found')
    const key = [cohort.id, caller.id, lesson]
    if (!completed) {
      await this.database.query(
        'DELETE FROM lesson_progress WHERE cohort_id = $1 AND user_id = $2 AND lesson = $3',
        key,
      )
      return { lesson, completed, at: null }
    }
    await this.database.query(
      'INSERT INTO lesson_progress (cohort_id, user_id, lesson) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      key,
    )
    const row = await this.database.one<{ at: Date }>(
      'SELECT completed_at AS at FROM lesson_progress WHERE cohort_id = $1 AND user_id = $2 AND lesson = $3',
      key,
    )
    return { lesson, completed, at: row?.at.toISOString() ?? null }
  }

  private dates(cohort: string, user: string): Promise<DateRow[]> {
    return this.database.query<DateRow>(
      `SELECT coalesce(s.lab, x.lab) AS lab, s.schedule, x.due_at AS "extendedTo"
         FROM (SELECT lab, schedule FROM lab_schedule WHERE cohort_id = $1) s
         FULL JOIN (SELECT lab, due_at FROM extension WHERE cohort_id = $1 AND user_id = $2) x ON x.lab = s.lab`,
      [cohort, user],
    )
  }

  private recent(cohort: string, user: string): Promise<RecentRow[]> {
    return this.database.query<RecentRow>(
      `SELECT s.id AS submission, s.lab, s.submitted_at AS at, g.state AS status, g.score, g.max_score AS "maxScore"
         FROM submission s JOIN grading g ON g.id = s.counted_grading_id
        WHERE s.cohort_id = $1 AND s.learner_id = $2
        ORDER BY s.id DESC LIMIT $3`,
      [cohort, user, recentLength],
    )
  }
}

/** Labs with a due date, the nearest first; of those that are past only what is not done. */
function dueLabs(
  content: CourseContent,
  rows: readonly DateRow[],
  done: ReadonlySet<string>,
): MyProgress['due'] {
  const now = new Date()
  return rows
    .flatMap((row) => {
      const lab = content.lab(row.lab)
      const { dueAt } = effectiveDates(row.schedule, row.extendedTo)
      if (!lab || !dueAt || (dueAt < now && done.has(row.lab))) return []
      return [{ lab: row.lab, title: lab.spec.title, dueAt: dueAt.toISOString(), done: done.has(row.lab) }]
    })
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt))
}

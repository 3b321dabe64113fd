import { Injectable } from '@nestjs/common'
import { Database } from '../data/index.js'
import type { LabRow, LearnerRows, LessonRow, QuestionRow } from './item-progress.js'

/** Reads what is stored of learners: three queries, however many learners and items there are. */
@Injectable()
export class ProgressRows {
  constructor(private readonly database: Database) {}

  async of(cohort: string, users: readonly string[]): Promise<(user: string) => LearnerRows> {
    const parameters = [cohort, users]
    const [lessons, labs, questions] = await Promise.all([
      this.database.query<LessonRow>(
        `SELECT user_id AS "userId", lesson AS id, completed_at AS at
           FROM lesson_progress WHERE cohort_id = $1 AND user_id = ANY($2)`,
        parameters,
      ),
      this.database.query<LabRow>(
        `SELECT user_id AS "userId", lab AS id, attempts, best_score AS "bestScore", max_score AS "maxScore",
                last_at AS "lastAt", done
           FROM lab_progress WHERE cohort_id = $1 AND user_id = ANY($2)`,
        parameters,
      ),
      this.database.query<QuestionRow>(
        `SELECT user_id AS "userId", question AS id, attempts, best_percent AS "bestPercent", last_at AS "lastAt"
           FROM question_progress WHERE cohort_id = $1 AND user_id = ANY($2)`,
        parameters,
      ),
    ])
    const byUser = { lessons: group(lessons), labs: group(labs), questions: group(questions) }
    return (user) => ({
      lessons: byUser.lessons.get(user) ?? new Map(),
      labs: byUser.labs.get(user) ?? new Map(),
      questions: byUser.questions.get(user) ?? new Map(),
    })
  }
}

function group<Row extends { userId: string; id: string }>(
  rows: readonly Row[],
): Map<string, Map<string, Row>> {
  const users = new Map<string, Map<string, Row>>()
  for (const row of rows) {
    const items = users.get(row.userId) ?? new Map<string, Row>()
    items.set(row.id, row)
    users.set(row.userId, items)
  }
  return users
}

import { Injectable } from '@nestjs/common'
import type { ItemKind, Question, QuestionSummary } from '@cooperage/contracts'
import { CourseStore, type CourseContent, type QuestionContent } from '../courses/index.js'
import { Database } from '../data/index.js'
import { decodeCursor, Problem, toPage, type Page } from '../platform/index.js'
import { solutionView } from './attempt-view.js'

/** Interview questions as people read them: rubric and answer only after one's own first attempt, in whichever cohort. */
@Injectable()
export class Questions {
  constructor(
    private readonly db: Database,
    private readonly courses: CourseStore,
  ) {}

  /** In the order of the course. */
  async list(
    courseId: string,
    person: string,
    { limit, cursor }: Page,
  ): Promise<{ items: QuestionSummary[]; nextCursor: string | null }> {
    const content = await this.courses.get(courseId)
    const questions = content.items.flatMap((item) =>
      item.kind === 'question' ? (content.question(item.id) ?? []) : [],
    )
    const after = decodeCursor(cursor, (key) => questions.some((question) => question.id === key))
    const from = questions.findIndex((question) => question.id === after) + 1
    const progress = await this.#progressOf(courseId, person)
    return toPage(
      questions.slice(from, from + limit + 1),
      limit,
      (question) => question.id,
      (question) => ({
        id: question.id,
        module: content.module(question.module),
        title: question.title,
        level: question.level,
        topics: question.topics,
        attempts: progress.get(question.id)?.attempts ?? 0,
        bestPercent: progress.get(question.id)?.best ?? null,
      }),
    )
  }

  async get(courseId: string, id: string, person: string, staff: boolean): Promise<Question> {
    const content = await this.courses.get(courseId)
    const question = content.question(id)
    if (!question) throw new Problem('not_found')
    const told = staff || (await this.#attempted(courseId, id, person))
    return {
      id,
      course: courseId,
      module: content.module(question.module),
      title: question.title,
      level: question.level,
      topics: question.topics,
      prompt: question.prompt,
      promptHtml: question.promptHtml,
      teaches: question.teaches.flatMap((reference) => linkOf(content, reference)),
      solution: told ? solutionView(question) : null,
    }
  }

  /** Throws `not_found`. */
  async content(courseId: string, id: string): Promise<QuestionContent> {
    const question = (await this.courses.get(courseId)).question(id)
    if (!question) throw new Problem('not_found')
    return question
  }

  async #attempted(course: string, question: string, person: string): Promise<boolean> {
    const row = await this.db.one(
      `SELECT 1 FROM question_attempt a JOIN cohort c ON c.id = a.cohort_id
        WHERE a.learner_id = $1 AND a.question = $2 AND c.course_id = $3 LIMIT 1`,
      [person, question, course],
    )
    return row !== null
  }

  async #progressOf(
    course: string,
    person: string,
  ): Promise<Map<string, { attempts: number; best: number | null }>> {
    const rows = await this.db.query<{ question: string; attempts: number; best: number | null }>(
      `SELECT p.question, sum(p.attempts)::int AS attempts, max(p.best_percent) AS best
         FROM question_progress p JOIN cohort c ON c.id = p.cohort_id
        WHERE p.user_id = $1 AND c.course_id = $2 GROUP BY p.question`,
      [person, course],
    )
    return new Map(rows.map(({ question, attempts, best }) => [question, { attempts, best }]))
  }
}

function linkOf(content: CourseContent, reference: string): { kind: ItemKind; id: string; title: string }[] {
  return content.items
    .filter((item) => `${item.kind}:${item.id}` === reference)
    .map(({ kind, id, title }) => ({ kind, id, title }))
}

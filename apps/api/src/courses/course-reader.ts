import { Injectable } from '@nestjs/common'
import type { Course, CourseSummary, Lab, Lesson } from '@cooperage/contracts'
import { globMatcher, maxScoreOf } from '@cooperage/domain'
import { Database } from '../data/index.js'
import { decodeCursor, Heartbeats, Problem, toPage, type Caller, type Page } from '../platform/index.js'
import type { CourseContent } from './course-content.js'
import { CourseStore } from './course-store.js'
import { toWireFile } from './wire-file.js'

/** Courses, lessons and labs as people read them. */
@Injectable()
export class CourseReader {
  constructor(
    private readonly database: Database,
    private readonly store: CourseStore,
    private readonly heartbeats: Heartbeats,
  ) {}

  /** Courses of the caller's cohorts; all for instructors and admins. By id. */
  async list(caller: Caller, { limit, cursor }: Page) {
    const all = caller.role === 'admin' || caller.role === 'instructor'
    const after = decodeCursor(cursor, (key) => /^[a-z0-9-]{1,64}$/.test(key))
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM course
        WHERE ($1::text IS NULL OR id > $1)
          AND ($2 OR EXISTS (SELECT 1 FROM enrolment e JOIN cohort c ON c.id = e.cohort_id
                              WHERE e.user_id = $3 AND c.course_id = course.id))
        ORDER BY id LIMIT $4`,
      [after, all, caller.id, limit + 1],
    )
    const { items, nextCursor } = toPage(
      rows,
      limit,
      (row) => row.id,
      (row) => row.id,
    )
    const contents = await Promise.all(items.map((id) => this.store.get(id)))
    return { items: contents.map(summaryOf), nextCursor }
  }

  async course(id: string): Promise<Course> {
    const content = await this.store.get(id)
    return {
      ...summaryOf(content),
      revision: content.course.revision,
      modules: content.course.modules.map(({ id: module, title, summary, hours }) => ({
        id: module,
        title,
        summary,
        hours,
        items: content.items.filter((item) => item.module === module),
      })),
    }
  }

  async lesson(courseId: string, id: string): Promise<Lesson> {
    const content = await this.store.get(courseId)
    const lesson = content.lesson(id)
    if (!lesson) throw new Problem('not_found')
    return {
      ...lesson,
      course: courseId,
      module: content.module(lesson.module),
      ...content.around('lesson', id),
    }
  }

  async lab(courseId: string, id: string): Promise<Lab> {
    const { content, lab } = await this.store.getLab(courseId, id)
    const { spec } = lab
    const [starter, unavailable] = await Promise.all([
      this.store.starterOf(lab.revision),
      this.heartbeats.whyNot(lab.imageTag),
    ])
    const editable = spec.files.map(globMatcher)
    return {
      id,
      course: courseId,
      module: content.module(lab.module),
      title: spec.title,
      summary: spec.summary,
      difficulty: spec.difficulty,
      minutes: spec.minutes,
      mode: spec.mode,
      revision: lab.revision,
      instructionsHtml: lab.instructionsHtml,
      instructionsMarkdown: lab.instructionsMarkdown,
      files: spec.files,
      starter: starter.map((file) => ({
        ...toWireFile(file),
        editable: editable.some((pattern) => pattern.test(file.path)),
      })),
      checks: spec.checks.map(({ id: check, title, points, visibility, needs }) => ({
        id: check,
        title,
        points,
        visibility,
        needs,
      })),
      maxScore: maxScoreOf(spec.checks),
      timeoutSeconds: spec.timeoutSeconds,
      limits: spec.environment.limits,
      engine: spec.environment.engine,
      unavailable,
      ...content.around('lab', id),
    }
  }
}

const summaryOf = ({ course }: CourseContent): CourseSummary & { modules: number } => ({
  id: course.id,
  title: course.title,
  summary: course.summary,
  language: course.language,
  modules: course.modules.length,
  lessons: course.lessons.length,
  labs: course.labs.length,
  questions: course.questions.length,
})

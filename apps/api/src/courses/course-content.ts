import type { ItemKind } from '@cooperage/contracts'
import { maxScoreOf } from '@cooperage/domain'
import type { StoredCourse } from '../data/index.js'

export type LessonContent = StoredCourse['lessons'][number]
export type LabContent = StoredCourse['labs'][number]
export type QuestionContent = StoredCourse['questions'][number]

/** One item of a course, in the order in which it is taken. */
export interface CourseItem {
  kind: ItemKind
  id: string
  title: string
  module: string
  /** Null for questions. */
  minutes: number | null
  /** Of labs; null for the others. */
  maxScore: number | null
}
export interface ItemLink {
  kind: ItemKind
  id: string
  title: string
}

/** A revision of a course with everything in reach by its id. Built once for each revision, then shared: nobody changes it. */
export class CourseContent {
  readonly items: readonly CourseItem[]
  private readonly lessons: ReadonlyMap<string, LessonContent>
  private readonly labs: ReadonlyMap<string, LabContent>
  private readonly questions: ReadonlyMap<string, QuestionContent>

  constructor(readonly course: StoredCourse) {
    this.lessons = byId(course.lessons)
    this.labs = byId(course.labs)
    this.questions = byId(course.questions)
    this.items = course.modules.flatMap((module) =>
      module.items.flatMap((ref) => this.item(ref.kind, ref.id, module.id) ?? []),
    )
  }

  lesson(id: string): LessonContent | null {
    return this.lessons.get(id) ?? null
  }
  lab(id: string): LabContent | null {
    return this.labs.get(id) ?? null
  }
  question(id: string): QuestionContent | null {
    return this.questions.get(id) ?? null
  }
  module(id: string): { id: string; title: string } {
    const found = this.course.modules.find((module) => module.id === id)
    return { id, title: found?.title ?? id }
  }

  /** What comes before and after an item. */
  around(kind: ItemKind, id: string): { previous: ItemLink | null; next: ItemLink | null } {
    const at = this.items.findIndex((item) => item.kind === kind && item.id === id)
    const link = (item: CourseItem | undefined) =>
      item && at >= 0 ? { kind: item.kind, id: item.id, title: item.title } : null
    return { previous: link(this.items[at - 1]), next: link(this.items[at + 1]) }
  }

  private item(kind: ItemKind, id: string, module: string): CourseItem | null {
    const lesson = kind === 'lesson' ? this.lessons.get(id) : undefined
    if (lesson) return { kind, id, module, title: lesson.title, minutes: lesson.minutes, maxScore: null }
    const lab = kind === 'lab' ? this.labs.get(id) : undefined
    if (lab) {
      const { title, minutes, checks } = lab.spec
      return { kind, id, module, title, minutes, maxScore: maxScoreOf(checks) }
    }
    const question = kind === 'question' ? this.questions.get(id) : undefined
    return question ? { kind, id, module, title: question.title, minutes: null, maxScore: null } : null
  }
}

const byId = <T extends { id: string }>(things: readonly T[]): ReadonlyMap<string, T> =>
  new Map(things.map((thing) => [thing.id, thing]))

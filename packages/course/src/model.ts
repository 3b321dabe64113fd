/** A course folder as read: everything that the platform serves or grades with, and nothing that points back to the disk. */
import type { ItemKind, LabBundle, LabFile, LessonFrontMatter, QuestionFile } from '@cooperage/contracts'

export interface CourseItemRef {
  kind: ItemKind
  id: string
}
export interface Heading {
  depth: number
  id: string
  text: string
}
export interface LessonContent extends LessonFrontMatter {
  id: string
  module: string
  markdown: string
  /** Sanitised, code highlighted, asset links as `/api/v1/courses/<course>/assets/<path>`. */
  html: string
  headings: Heading[]
}
export interface LabContent {
  id: string
  module: string
  spec: LabFile
  /** sha256 over the lab's folder and its image's recipe: what a verdict depends on. */
  revision: string
  imageTag: string
  instructionsMarkdown: string
  instructionsHtml: string
  /** What a worker gets: spec, starter, checks; never the solution. */
  bundle: LabBundle
}
export interface QuestionContent extends QuestionFile {
  id: string
  module: string
  promptHtml: string
  answerHtml: string
}
export interface Course {
  id: string
  title: string
  summary: string
  language: string
  /** sha256 over every file of the folder, and the recipes of the images that its labs use. */
  revision: string
  modules: { id: string; title: string; summary: string; hours: number; items: CourseItemRef[] }[]
  lessons: LessonContent[]
  labs: LabContent[]
  questions: QuestionContent[]
  /** Files under `assets/`, by path relative to the course. */
  assets: { path: string; content: Uint8Array }[]
}

/** One fault of a course; `line` counts from 1. */
export interface CourseProblem {
  /** Relative to the course folder. */
  file: string
  line: number
  message: string
}

export type LoadedCourse = { ok: true; course: Course } | { ok: false; problems: CourseProblem[] }

import type { FolderFile } from './folder.js'
import { textOf } from './folder.js'
import type { CourseProblem } from './model.js'
import type { Rendered } from './markdown.js'

/** What reading one course carries along: its files, its id, and every fault found so far. */
export interface CourseReader {
  course: string
  files: readonly FolderFile[]
  problems: CourseProblem[]
  /** Renders a Markdown file; dead links become problems. `firstLine`: where the text begins in its file. */
  render(file: string, markdown: string, firstLine?: number): Promise<Rendered>
}

/** Null, and a problem, when the file is missing or not UTF-8. */
export function readText(reader: Pick<CourseReader, 'files' | 'problems'>, path: string): string | null {
  const file = reader.files.find((candidate) => candidate.path === path)
  const text = file ? textOf(file) : null
  if (text === null)
    reader.problems.push({ file: path, line: 1, message: file ? 'is not UTF-8' : 'is missing' })
  return text
}

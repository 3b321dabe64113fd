import { loadCourse } from '@cooperage/course'
import { join, resolve } from 'node:path'

/** docker/labs of the checkout or the image that this command is part of. */
const labImagesDir = resolve(import.meta.dirname, '../../../docker/labs')

/** Prints each fault as `file:line: message`, as editors and CI read it. Answers the exit code. */
export async function courseCheck(folder: string, print: (line: string) => void): Promise<number> {
  const result = await loadCourse(folder, { labImagesDir })
  if (!result.ok) {
    for (const { file, line, message } of result.problems) print(`${join(folder, file)}:${line}: ${message}`)
    print(`${result.problems.length} ${result.problems.length === 1 ? 'fault' : 'faults'}`)
    return 1
  }
  const { id, title, modules, lessons, labs, questions, revision } = result.course
  const checks = labs.reduce((sum, lab) => sum + lab.spec.checks.length, 0)
  print(`${title} (${id}), revision ${revision.slice(0, 12)}`)
  print(
    `${modules.length} modules, ${lessons.length} lessons, ${labs.length} labs with ${checks} checks, ${questions.length} questions: no faults`,
  )
  return 0
}

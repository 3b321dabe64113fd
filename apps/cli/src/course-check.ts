import { loadCourse } from '@cooperage/course'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { WrongUsage, type Command } from './command.js'

/** docker/labs of the checkout or the image that this command is part of. */
const labImagesDir = resolve(import.meta.dirname, '../../../docker/labs')

export const courseCheck: Command = {
  name: 'course check',
  takes: '<folder>',
  does: 'read a course folder and print every fault with file and line',
  async run(args) {
    const [folder, ...more] = parseArgs({ args, allowPositionals: true }).positionals
    if (folder === undefined || more.length > 0) throw new WrongUsage('it takes one folder')
    return check(folder)
  },
}

/** Prints each fault as `file:line: message`, as editors and CI read it. Answers the exit code. */
async function check(folder: string): Promise<number> {
  const result = await loadCourse(folder, { labImagesDir })
  if (!result.ok) {
    for (const { file, line, message } of result.problems)
      console.log(`${join(folder, file)}:${line}: ${message}`)
    console.log(`${result.problems.length} ${result.problems.length === 1 ? 'fault' : 'faults'}`)
    return 1
  }
  const { id, title, modules, lessons, labs, questions, revision } = result.course
  const checks = labs.reduce((sum, lab) => sum + lab.spec.checks.length, 0)
  console.log(`${title} (${id}), revision ${revision.slice(0, 12)}`)
  console.log(
    `${modules.length} modules, ${lessons.length} lessons, ${labs.length} labs with ${checks} checks, ${questions.length} questions: no faults`,
  )
  return 0
}

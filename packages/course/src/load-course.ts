import { CourseFile, type ItemKind } from '@cooperage/contracts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hashFiles, readFolder } from './folder.js'
import { labImages } from './lab-images.js'
import { readLab } from './lab.js'
import { readLesson } from './lesson.js'
import { linkResolver } from './links.js'
import { renderMarkdown } from './markdown.js'
import type { Course, CourseItemRef, CourseProblem, LoadedCourse } from './model.js'
import { readQuestion, type ReadQuestion } from './question.js'
import { readText, type CourseReader } from './reader.js'
import { parseYaml } from './yaml.js'

const present = <T>(value: T | null): value is T => value !== null

/**
 * Reads and validates a whole course folder. Every fault is found in one run, in the order of files and lines.
 * @param folder the folder of course.yaml
 * @param options.labImagesDir docker/labs, for the recipes of the lab images
 */
export async function loadCourse(folder: string, options: { labImagesDir: string }): Promise<LoadedCourse> {
  // Before anything is walked: a wrong folder is one message, not a thousand.
  if (!existsSync(join(folder, 'course.yaml'))) {
    return {
      ok: false,
      problems: [{ file: 'course.yaml', line: 1, message: 'is missing: this folder is not a course' }],
    }
  }
  const { files, problems } = await readFolder(folder)
  const failed = (): LoadedCourse => ({ ok: false, problems: sorted(problems) })

  const courseYaml = readText({ files, problems }, 'course.yaml')
  if (courseYaml === null) return failed()
  const parsed = parseYaml('course.yaml', courseYaml, CourseFile)
  if ('problems' in parsed) {
    problems.push(...parsed.problems)
    return failed()
  }
  const { modules, ...about } = parsed.value

  const linksFrom = linkResolver(about.id, files)
  const reader: CourseReader = {
    course: about.id,
    files,
    problems,
    render: async (file, markdown, firstLine = 1) => {
      const rendered = await renderMarkdown(markdown, linksFrom(file))
      for (const { href, line } of rendered.deadLinks) {
        problems.push({
          file,
          line: line + firstLine - 1,
          message: `link to "${href}", which is not in the course`,
        })
      }
      return rendered
    },
  }

  const idsIn = (module: string) =>
    itemsIn(
      module,
      files.map((file) => file.path),
    )
  const images = labImages(options.labImagesDir)
  const course: Course = {
    ...about,
    revision: '',
    modules: [],
    lessons: [],
    labs: [],
    questions: [],
    assets: [],
  }
  const questions: ReadQuestion[] = []
  for (const module of modules) {
    const found = idsIn(module.id)
    const ids = (kind: ItemKind) => found.filter((item) => item.kind === kind).map((item) => item.id)
    for (const id of ids('lesson'))
      course.lessons.push(...[await readLesson(reader, module.id, id)].filter(present))
    for (const id of ids('lab'))
      course.labs.push(...[await readLab(reader, images, module.id, id)].filter(present))
    for (const id of ids('question'))
      questions.push(...[await readQuestion(reader, module.id, id)].filter(present))
    const items = module.items.map((item) => refOf(item))
    course.modules.push({
      id: module.id,
      title: module.title,
      summary: module.summary,
      hours: module.hours,
      items,
    })
  }
  course.questions = questions.map((question) => question.content)
  problems.push(
    ...structureProblems(
      parsed.value,
      parsed.line,
      idsIn,
      files.map((file) => file.path),
    ),
  )
  problems.push(
    ...teachesProblems(
      questions,
      course.modules.flatMap((module) => idsIn(module.id)),
    ),
  )
  if (problems.length > 0) return failed()

  course.assets = files
    .filter((file) => file.path.startsWith('assets/'))
    .map((file) => ({ path: file.path.slice('assets/'.length), content: file.content }))
  course.revision = hashFiles(files, ...course.labs.map((lab) => lab.revision))
  return { ok: true, course }
}

const refOf = (item: string): CourseItemRef => {
  const [kind, id] = item.split(':') as [ItemKind, string]
  return { kind, id }
}

/** What lies in a module's folder, whether course.yaml lists it or not. */
function itemsIn(module: string, paths: readonly string[]): CourseItemRef[] {
  const patterns: [ItemKind, RegExp][] = [
    ['lesson', /^lessons\/([^/]+)\.md$/],
    ['lab', /^labs\/([^/]+)\//],
    ['question', /^questions\/([^/]+)\.yaml$/],
  ]
  const root = `modules/${module}/`
  const found = new Map<string, CourseItemRef>()
  for (const path of paths.filter((candidate) => candidate.startsWith(root))) {
    for (const [kind, pattern] of patterns) {
      const id = pattern.exec(path.slice(root.length))?.[1]
      if (id !== undefined) found.set(`${kind}:${id}`, { kind, id })
    }
  }
  return [...found.values()]
}

function structureProblems(
  course: CourseFile,
  line: (path: PropertyKey[]) => number,
  idsIn: (module: string) => CourseItemRef[],
  paths: readonly string[],
): CourseProblem[] {
  const problems: CourseProblem[] = []
  const problem = (path: PropertyKey[], message: string) =>
    problems.push({ file: 'course.yaml', line: line(path), message })
  const usedIds = new Map<string, string>()
  const moduleIds = new Set<string>()
  course.modules.forEach((module, index) => {
    if (moduleIds.has(module.id)) problem(['modules', index, 'id'], `a second module "${module.id}"`)
    moduleIds.add(module.id)
    const there = idsIn(module.id)
    const listed = new Set<string>()
    module.items.forEach((item, place) => {
      const ref = refOf(item)
      if (listed.has(item)) problem(['modules', index, 'items', place], `"${item}" is listed twice`)
      listed.add(item)
      if (!there.some((candidate) => candidate.kind === ref.kind && candidate.id === ref.id)) {
        problem(['modules', index, 'items', place], `"${item}" is not in modules/${module.id}/`)
      }
    })
    for (const { kind, id } of there) {
      const other = usedIds.get(id)
      if (other !== undefined)
        problem(['modules', index], `the id "${id}" is used twice: ${other} and ${kind}:${id}`)
      usedIds.set(id, `${kind}:${id}`)
      if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
        problem(['modules', index], `"${id}" is no id: lower-case letters, digits, single hyphens`)
      // Questions have a list of their own; what is to be read and done has a place in the course.
      if (kind !== 'question' && !listed.has(`${kind}:${id}`)) {
        problem(
          ['modules', index, 'items'],
          `modules/${module.id}/ has ${kind} "${id}", which items do not list`,
        )
      }
    }
  })
  const unlisted = new Set(paths.flatMap((path) => /^modules\/([^/]+)\//.exec(path)?.[1] ?? []))
  for (const module of unlisted) {
    if (!moduleIds.has(module)) problem(['modules'], `modules/${module}/ is there, but no module "${module}"`)
  }
  return problems
}

function teachesProblems(
  questions: readonly ReadQuestion[],
  items: readonly CourseItemRef[],
): CourseProblem[] {
  const known = new Set(items.map((item) => `${item.kind}:${item.id}`))
  return questions.flatMap(({ content, teachesLine }) =>
    content.teaches.flatMap((item, index) =>
      known.has(item)
        ? []
        : [
            {
              file: `modules/${content.module}/questions/${content.id}.yaml`,
              line: teachesLine(index),
              message: `"${item}" is not in the course`,
            },
          ],
    ),
  )
}

const sorted = (problems: CourseProblem[]) =>
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))

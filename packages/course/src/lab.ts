import { LabFile, WrongExpectation, type CheckSpec, type LabBundle } from '@cooperage/contracts'
import { globMatcher } from '@cooperage/domain'
import { RE2JS } from 're2js'
import { hashFiles, type FolderFile } from './folder.js'
import type { LabImages } from './lab-images.js'
import type { CourseProblem, LabContent } from './model.js'
import { readText, type CourseReader } from './reader.js'
import { parseYaml } from './yaml.js'

/** Reads `modules/<module>/labs/<id>/`; faults go to the reader, and a lab with a fault of format is null. */
export async function readLab(
  reader: CourseReader,
  images: LabImages,
  module: string,
  id: string,
): Promise<LabContent | null> {
  const root = `modules/${module}/labs/${id}/`
  const files = reader.files.filter((file) => file.path.startsWith(root))
  const inLab = files.map((file) => ({ path: file.path.slice(root.length), content: file.content }))
  const labYaml = readText(reader, `${root}lab.yaml`)
  const instructions = readText(reader, `${root}instructions.md`)
  if (labYaml === null || instructions === null) return null

  const parsed = parseYaml(`${root}lab.yaml`, labYaml, LabFile)
  if ('problems' in parsed) {
    reader.problems.push(...parsed.problems)
    return null
  }
  const spec = parsed.value
  const problem = (path: PropertyKey[], message: string) =>
    reader.problems.push({ file: `${root}lab.yaml`, line: parsed.line(path), message })

  const paths = new Set(inLab.map((file) => file.path))
  checkProblems(spec.checks, paths, problem)
  if (spec.mode === 'live' && spec.checks.some((check) => check.script && check.visibility === 'hidden')) {
    problem(['mode'], 'a live lab has no hidden script checks: the learner’s engine would show what they do')
  }
  reader.problems.push(...solutionProblems(root, spec, inLab))

  const image = await images.resolve(spec.environment.image)
  const revision = hashFiles(inLab, image.recipe)
  const { html } = await reader.render(`${root}instructions.md`, instructions)
  return {
    id,
    module,
    spec,
    revision,
    imageTag: image.tag,
    instructionsMarkdown: instructions,
    instructionsHtml: html,
    bundle: bundleOf(reader.course, id, spec, revision, image.tag, inLab),
  }
}

function bundleOf(
  course: string,
  lab: string,
  spec: LabFile,
  revision: string,
  imageTag: string,
  files: readonly FolderFile[],
): LabBundle {
  const below = (folder: string, cut: number) =>
    files
      .filter((file) => file.path.startsWith(folder))
      .map((file) => ({ path: file.path.slice(cut), base64: Buffer.from(file.content).toString('base64') }))
  return {
    revision,
    course,
    lab,
    imageTag,
    spec,
    starter: below('starter/', 'starter/'.length),
    checks: below('checks/', 0),
  }
}

function checkProblems(
  checks: readonly CheckSpec[],
  paths: ReadonlySet<string>,
  problem: (path: PropertyKey[], message: string) => void,
): void {
  const seen = new Set<string>()
  checks.forEach((check, index) => {
    const at = (...path: PropertyKey[]) => ['checks', index, ...path]
    if (seen.has(check.id)) problem(at('id'), `a second check "${check.id}"`)
    if (check.script && !(check.script.startsWith('checks/') && paths.has(check.script))) {
      problem(at('script'), `"${check.script}" is not a file below checks/`)
    }
    check.needs.forEach((need, place) => {
      // Only what stands before: so there is no circle, and a reader sees the order.
      if (!seen.has(need)) problem(at('needs', place), `"${need}" is not a check that stands before this one`)
    })
    for (const stream of ['stdout', 'stderr'] as const) {
      const expected = check.exec?.[stream]
      if (typeof expected !== 'object' || !('matches' in expected)) continue
      try {
        RE2JS.compile(expected.matches)
      } catch (error) {
        problem(at('exec', stream), `not a valid expression (RE2 syntax): ${(error as Error).message}`)
      }
    }
    seen.add(check.id)
  })
}

/** A lab is solvable on paper: a solution, and wrong ones that say what they fail, all within what may be submitted. */
function solutionProblems(root: string, spec: LabFile, files: readonly FolderFile[]): CourseProblem[] {
  const problems: CourseProblem[] = []
  const globs = spec.files.map(globMatcher)
  const live = spec.mode === 'live'
  const submittable = (folder: string) => {
    const inside = files.filter(
      (file) => file.path.startsWith(folder) && file.path !== `${folder}expect.yaml`,
    )
    if (inside.length === 0) problems.push({ file: root + folder, line: 1, message: 'has no files' })
    for (const file of inside) {
      const path = file.path.slice(folder.length)
      if (live ? path !== 'solve.sh' : !globs.some((glob) => glob.test(path))) {
        problems.push({
          file: root + file.path,
          line: 1,
          message: `${live ? 'only solve.sh' : `only ${spec.files.join(', ')}`} may be here`,
        })
      }
    }
  }
  submittable('solution/')
  const ids = new Set(spec.checks.map((check) => check.id))
  const wrongs = new Set(files.flatMap((file) => /^wrong\/([^/]+)\//.exec(file.path)?.[1] ?? []))
  for (const name of wrongs) {
    submittable(`wrong/${name}/`)
    const path = `wrong/${name}/expect.yaml`
    const file = files.find((candidate) => candidate.path === path)
    if (!file) {
      problems.push({
        file: root + path,
        line: 1,
        message: 'is missing: it says which checks this submission fails',
      })
      continue
    }
    const parsed = parseYaml(root + path, Buffer.from(file.content).toString(), WrongExpectation)
    if ('problems' in parsed) problems.push(...parsed.problems)
    else {
      parsed.value.fails.forEach((id, index) => {
        if (!ids.has(id))
          problems.push({
            file: root + path,
            line: parsed.line(['fails', index]),
            message: `no check "${id}"`,
          })
      })
    }
  }
  return problems
}

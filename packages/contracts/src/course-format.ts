/**
 * The files of a course folder. Unknown keys are errors, so that a typing mistake is found and not ignored.
 * packages/course reads the files; the types travel to the API (in the stored revision) and to the worker (in a lab's bundle).
 */
import { z } from 'zod'
import { Slug } from './primitives.js'

const Title = z.string().trim().min(1).max(120)
const Summary = z.string().trim().min(1).max(400)
const Markdown = z.string().trim().min(1).max(100_000)

export const ItemKind = z.enum(['lesson', 'lab', 'question'])
export type ItemKind = z.infer<typeof ItemKind>
/** `lesson:why-containers`, `lab:first-container`, `question:exit-137`. */
export const ItemRef = z
  .string()
  .regex(/^(lesson|lab|question):[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lesson:<id>, lab:<id> or question:<id>')

export const ModuleFile = z.strictObject({
  id: Slug,
  title: Title,
  summary: Summary,
  hours: z.number().positive().max(100),
  items: z.array(ItemRef).min(1).max(200),
})
export const CourseFile = z.strictObject({
  id: Slug,
  title: Title,
  summary: Summary,
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
  modules: z.array(ModuleFile).min(1).max(50),
})
export type CourseFile = z.infer<typeof CourseFile>

const Option = z.strictObject({ text: z.string().min(1).max(500), correct: z.boolean().optional() })
const Explain = z.string().min(1).max(2000)
const Prompt = z.string().min(1).max(2000)
const Answers = z.array(z.string().min(1).max(500)).min(1).max(20)
export const SelfCheckQuestion = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('single'),
    prompt: Prompt,
    options: z.array(Option).min(2).max(8),
    explain: Explain,
  }),
  z.strictObject({
    kind: z.literal('multiple'),
    prompt: Prompt,
    options: z.array(Option).min(2).max(8),
    explain: Explain,
  }),
  /** `items` are in the right order. */
  z.strictObject({
    kind: z.literal('order'),
    prompt: Prompt,
    items: z.array(z.string().min(1).max(300)).min(2).max(10),
    explain: Explain,
  }),
  z.strictObject({ kind: z.literal('fill'), prompt: Prompt, answers: Answers, explain: Explain }),
  z.strictObject({
    kind: z.literal('output'),
    prompt: Prompt,
    code: z.string().min(1).max(4000),
    answers: Answers,
    explain: Explain,
  }),
])
export type SelfCheckQuestion = z.infer<typeof SelfCheckQuestion>

export const LessonFrontMatter = z.strictObject({
  title: Title,
  minutes: z.number().int().min(1).max(120),
  objectives: z.array(z.string().min(1).max(300)).min(1).max(10),
  sources: z.array(z.url().max(500)).max(30).default([]),
  check: z.array(SelfCheckQuestion).max(10).default([]),
})
export type LessonFrontMatter = z.infer<typeof LessonFrontMatter>

/** A relative path of plain names: no empty part, no `.` or `..`, no backslash, no control character. */
export const RelativePath = z
  .string()
  .min(1)
  .max(255)
  .refine(
    (path) =>
      !/[\\\u0000-\u001f\u007f]/.test(path) &&
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'a plain relative path: no leading slash, no empty, "." or ".." part, no backslash or control character',
  )

/** What an exec check compares: equality, a part, a linear-time expression (RE2 syntax), or JSON by value. */
export const Expected = z.union([
  z.string().max(65_536),
  z.strictObject({ contains: z.string().min(1).max(4096) }),
  z.strictObject({ matches: z.string().min(1).max(1024) }),
  z.strictObject({ json: z.json() }),
])
export type Expected = z.infer<typeof Expected>

export const ExecSpec = z.strictObject({
  run: z.array(z.string().max(4096)).min(1).max(64),
  stdin: z.string().max(65_536).optional(),
  stdout: Expected.optional(),
  stderr: Expected.optional(),
  exitCode: z.number().int().min(0).max(255).default(0),
  timeoutSeconds: z.number().positive().max(300).default(10),
})
export type ExecSpec = z.infer<typeof ExecSpec>

export const CheckVisibility = z.enum(['open', 'hidden'])
export const CheckSpec = z
  .strictObject({
    id: Slug,
    title: Title,
    points: z.number().int().min(1).max(100).default(1),
    exec: ExecSpec.optional(),
    script: RelativePath.optional(),
    needs: z.array(Slug).max(50).default([]),
    visibility: CheckVisibility.default('open'),
    hint: z.string().trim().min(1).max(1000).optional(),
    timeoutSeconds: z.number().positive().max(300).optional(),
  })
  .refine((check) => check.exec !== undefined || check.script !== undefined, {
    message: 'a check has an exec, a script, or both',
  })
export type CheckSpec = z.infer<typeof CheckSpec>

export const LabLimits = z.strictObject({
  memoryMb: z.number().int().min(32).max(8192).default(256),
  cpus: z.number().min(0.1).max(8).default(0.5),
  pids: z.number().int().min(16).max(4096).default(64),
  diskMb: z.number().int().min(1).max(8192).default(64),
})
export type LabLimits = z.infer<typeof LabLimits>

export const LabEnvironment = z.strictObject({
  image: z.string().min(1).max(200),
  engine: z.enum(['none', 'docker']).default('none'),
  images: z.array(z.string().min(1).max(200)).max(50).default([]),
  limits: LabLimits.prefault({}),
})

export const LabFile = z.strictObject({
  title: Title,
  summary: Summary,
  difficulty: z.enum(['intro', 'core', 'advanced']),
  minutes: z.number().int().min(1).max(600),
  mode: z.enum(['files', 'live']),
  /** Globs of what the learner may edit and submit. */
  files: z.array(z.string().min(1).max(255)).min(1).max(50),
  environment: LabEnvironment,
  timeoutSeconds: z.number().positive().max(900).default(60),
  checks: z.array(CheckSpec).min(1).max(100),
})
export type LabFile = z.infer<typeof LabFile>

/** `wrong/<name>/expect.yaml`: the checks that this wrong submission fails; skipped ones are not named. */
export const WrongExpectation = z.strictObject({ fails: z.array(Slug).min(1).max(100) })

export const RubricPoint = z.strictObject({
  id: Slug,
  text: z.string().trim().min(1).max(500),
  weight: z.number().int().min(1).max(20),
})
export type RubricPoint = z.infer<typeof RubricPoint>
export const FollowUp = z.strictObject({ prompt: z.string().trim().min(1).max(1000), answer: Markdown })
export type FollowUp = z.infer<typeof FollowUp>
export const QuestionLevel = z.enum(['junior', 'senior', 'staff'])
export const QuestionFile = z.strictObject({
  title: Title,
  level: QuestionLevel,
  topics: z.array(Slug).min(1).max(10),
  prompt: Markdown,
  rubric: z.array(RubricPoint).min(3).max(7),
  answer: Markdown,
  followUps: z.array(FollowUp).min(2).max(10),
  teaches: z.array(ItemRef).min(1).max(20),
})
export type QuestionFile = z.infer<typeof QuestionFile>

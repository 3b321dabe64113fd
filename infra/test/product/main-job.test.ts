import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { routes, submissionEvents, type Submission } from '@cooperage/contracts'
import { startProduct, type ApiClient, type RunningProduct } from '@cooperage/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSolutions } from './course-solutions.js'

/** The product as `npm start` gives it, used by outside clients over the contract alone. */
let product: RunningProduct
let data: string
let learner: ApiClient

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'cooperage-job-'))
  product = await startProduct({ data, env: { DOCKER_HOST: process.env['COOPERAGE_TEST_DOCKER_HOST'] } })
  learner = await product.as('learner')
}, 600_000)
afterAll(async () => {
  expect(await product?.stop()).toBe(0)
  await rm(data, { recursive: true, force: true })
}, 60_000)

const cohort = () => product.demo.cohortId
type Files = Parameters<typeof submit>[1]
async function submit(lab: string, files: { path: string; content: string; encoding?: 'utf8' | 'base64' }[]) {
  return learner.call(routes.submit, { params: { cohort: cohort(), lab }, body: { files } })
}
/** Submits and follows the events until the verdict. */
async function verdictOf(lab: string, files: Files): Promise<Submission> {
  const { id } = await submit(lab, files)
  for await (const { event, data } of learner.events(id)) {
    if (event === 'verdict') return submissionEvents.verdict.parse(data)
  }
  throw new Error(`the events of ${id} ended without a verdict`)
}
const failed = (submission: Submission) =>
  submission.checks.filter((check) => check.status === 'failed').map((check) => check.id)

it('a person joins by the code, once and again', async () => {
  const admin = await product.as('admin')
  const password = 'a fine long password'
  const user = await admin.call(routes.createUser, {
    body: { email: 'new@example.org', name: 'New Person', role: 'learner', password },
  })
  const person = await new (learner.constructor as typeof ApiClient)(product.baseUrl).signIn(
    user.email,
    password,
  )
  const first = await person.call(routes.joinCohort, { body: { code: product.demo.joinCode } })
  expect(await person.call(routes.joinCohort, { body: { code: product.demo.joinCode } })).toEqual(first)
  expect(first.cohortId).toBe(cohort())
})

describe('every lab of the course', () => {
  it('gives the reference full score, the starter none, and fails just the named checks of each wrong solution', async () => {
    const course = await learner.call(routes.getCourse, { params: { course: 'docker' } })
    const labs = course.modules.flatMap((module) =>
      module.items.filter((item) => item.kind === 'lab').map((item) => ({ module: module.id, lab: item.id })),
    )
    expect(labs.length).toBeGreaterThanOrEqual(4)
    const seen: string[] = []
    for (const { module, lab } of labs) {
      const page = await learner.call(routes.getLab, { params: { course: 'docker', lab } })
      const solutions = await readSolutions(module, lab)

      const reference = await verdictOf(lab, solutions.reference)
      expect({ lab, score: reference.score, failed: failed(reference) }).toEqual({
        lab,
        score: page.maxScore,
        failed: [],
      })

      const editable = page.starter
        .filter((file) => file.editable)
        .map(({ path, content, encoding }) => ({ path, content, encoding }))
      expect({ lab, starter: (await verdictOf(lab, editable)).score }).toEqual({ lab, starter: 0 })

      expect(solutions.wrong.length).toBeGreaterThanOrEqual(3)
      for (const wrong of solutions.wrong) {
        const verdict = await verdictOf(lab, wrong.files)
        expect({ lab, wrong: wrong.name, fails: failed(verdict).sort() }).toEqual({
          lab,
          wrong: wrong.name,
          fails: [...wrong.fails].sort(),
        })
        seen.push(`${lab}/${wrong.name}`)
      }
    }
    expect(new Set(seen).size).toBe(seen.length)
  }, 300_000)
})

it('the instructor sees the best scores in the cohort’s progress', async () => {
  const instructor = await product.as('instructor')
  const progress = await instructor.call(routes.cohortProgress, { params: { cohort: cohort() } })
  const me = await learner.call(routes.me)
  const row = progress.items.find((item) => item.learner.id === me.id)
  const labs = row?.items.filter((item) => item.kind === 'lab') ?? []
  expect(labs.length).toBeGreaterThanOrEqual(4)
  for (const lab of labs) expect(lab).toMatchObject({ status: 'done', score: lab.maxScore })
})

it('another learner can read neither submission, files nor events, by any route', async () => {
  const { id } = await submit('first-check', (await readSolutions('fundamentals', 'first-check')).reference)
  const other = await product.as('learner', 1)
  for (const path of ['', '/files', '/events']) {
    const answer = await other.send('GET', `/submissions/${id}${path}`)
    expect({ path, status: answer.status }).toEqual({ path, status: 404 })
  }
})

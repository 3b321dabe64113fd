import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { routes, submissionEvents, type ReceiptClaims, type Submission } from '@cooperage/contracts'
import { startProduct, type ApiClient, type RunningProduct } from '@cooperage/testing'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
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

it('another learner can read neither submission, files, events nor receipt, by any route', async () => {
  const { id } = await submit('first-check', (await readSolutions('fundamentals', 'first-check')).reference)
  const other = await product.as('learner', 1)
  for (const path of ['', '/files', '/events', '/receipt']) {
    const answer = await other.send('GET', `/submissions/${id}${path}`)
    expect({ path, status: answer.status }).toEqual({ path, status: 404 })
  }
})

describe('a receipt', () => {
  const command = resolve(import.meta.dirname, '../../../apps/cli/bin/cooperage.mjs')
  /** Where we may, in a network of its own with nobody else in it: it must hold without the site. */
  const [program, ...before] =
    process.getuid?.() === 0 ? ['unshare', '--net', process.execPath] : [process.execPath]

  async function cooperage(args: string[], input = '') {
    const child = spawn(program as string, [...before, command, ...args], {
      env: { PATH: process.env['PATH'] },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdin.end(input)
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, out, err }
  }
  const save = async (name: string, content: string) => {
    await writeFile(join(data, name), content)
    return join(data, name)
  }
  const keySet = async () => (await fetch(`${product.baseUrl}/.well-known/jwks.json`)).text()

  it('of a verdict is checked by the command alone, and does not hold when a byte of it is another one', async () => {
    const me = await learner.call(routes.me)
    const verdict = await verdictOf(
      'first-check',
      (await readSolutions('fundamentals', 'first-check')).reference,
    )
    const answer = await learner.send('GET', `/submissions/${verdict.id}/receipt`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/jose')
    const text = await answer.text()
    const receipt = await save('receipt.jws', text)
    const keys = await save('jwks.json', await keySet())

    const held = await cooperage(['receipt', 'verify', receipt, '--keys', keys])
    expect(held).toMatchObject({ code: 0, err: '' })
    const { sandbox } = JSON.parse(
      Buffer.from(text.split('.')[1] ?? '', 'base64url').toString(),
    ) as ReceiptClaims
    for (const said of [
      me.id,
      verdict.id,
      'first-check of docker',
      `${verdict.score} of ${verdict.maxScore}`,
      `profile ${sandbox.profile} (${sandbox.profileHash.slice(0, 12)}) on ${sandbox.runtime}`,
      sandbox.imageDigest.slice(0, 19),
    ])
      expect(held.out).toContain(said)
    for (const { title } of verdict.checks) expect(held.out).toContain(title)
    expect(await cooperage(['receipt', 'verify', '-', '--keys', keys], `${text}\n`)).toEqual(held)

    for (const at of [10, text.indexOf('.') + 20, text.length - 1]) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
      const broken = await cooperage([
        'receipt',
        'verify',
        await save('changed.jws', changed),
        '--keys',
        keys,
      ])
      expect(broken).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^The receipt does not hold: /),
      })
    }
    expect(await cooperage(['receipt', 'verify', receipt])).toMatchObject({ code: 2, out: '' })

    // The operator rotates the key under the running site: the receipt from before holds with the keys of today.
    const ring = join(data, 'receipt-keys.json')
    expect((await stat(ring)).mode & 0o777).toBe(0o600)
    expect((await cooperage(['receipt', 'rotate-key', '--keys-file', ring])).code).toBe(0)
    const again = await (await learner.send('GET', `/submissions/${verdict.id}/receipt`)).text()
    const today = await save('jwks-today.json', await keySet())
    for (const one of [text, again])
      expect((await cooperage(['receipt', 'verify', '-', '--keys', today], one)).code).toBe(0)
    expect(await cooperage(['receipt', 'verify', '-', '--keys', keys], again)).toMatchObject({ code: 1 })
  })

  it('is signed by the API: it alone is told where the keys are', async () => {
    const environment = async (service: string) => {
      const { pid } = JSON.parse(await readFile(join(data, 'run', `${service}.json`), 'utf8')) as {
        pid: number
      }
      return readFile(`/proc/${pid}/environ`, 'utf8')
    }
    expect(await environment('api')).toContain('receipt-keys.json')
    const worker = await environment('worker')
    expect(worker).toContain('WORKER_TOKEN')
    expect(worker).not.toContain('receipt-keys')
  })
})

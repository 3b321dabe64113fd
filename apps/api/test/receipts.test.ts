import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { apiPrefix, receiptType, type ReceiptClaims, type ReceiptKeys } from '@cooperage/contracts'
import { rotateKeys, verifyReceipt } from '@cooperage/receipts'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stage, type Person, type Replica } from './support/stage.js'
import { report, sandbox, TestWorker, type Running } from './support/test-worker.js'

jest.setTimeout(60_000)

let folder: string
let keysFile: string
let stage: Stage
let learner: Person
let instructor: Person

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cooperage-api-receipts-'))
  keysFile = join(folder, 'receipt-keys.json')
  stage = await Stage.start({ RECEIPT_KEYS_FILE: keysFile })
  learner = await stage.addPerson()
  instructor = await stage.addPerson('instructor', 'instructor')
})
afterAll(async () => {
  await stage[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const receiptOf = (submission: string, person = learner, replica?: Replica) =>
  person.send('GET', `/submissions/${submission}/receipt`, undefined, {}, replica)
async function textOf(submission: string, person = learner, replica?: Replica): Promise<string> {
  const response = await receiptOf(submission, person, replica)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status} ${text}`)
  return text
}
const keys = async (replica: Replica = stage.replica) =>
  (await (await fetch(`${replica.url}/.well-known/jwks.json`)).json()) as ReceiptKeys
async function claimsOf(receipt: string): Promise<ReceiptClaims> {
  const result = await verifyReceipt(receipt, await keys())
  if (!result.ok) throw new Error(result.reason)
  return result.claims
}
const grading =
  (status: 'passed' | 'failed') =>
  async (running: Running): Promise<void> => {
    await running.send(running.graded([report('greets', status), report('names', 'failed')]))
  }
/** Submitted and graded. */
async function graded(person: Person, status: 'passed' | 'failed' = 'passed'): Promise<string> {
  await using worker = new TestWorker(stage.redis.url, grading(status))
  await worker.beat()
  const submission = await person.submit()
  await person.verdict(submission)
  return submission
}
const problemOf = async (response: Response) => {
  const { code, detail } = (await response.json()) as { code: string; detail: string }
  return { status: response.status, code, detail }
}

test('says of a verdict what is stored, signed by a key that is published', async () => {
  const someone = await stage.addPerson()
  await graded(someone)
  const submission = await graded(someone)
  const response = await receiptOf(submission, someone)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/jose')
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="receipt-greet-2.jws"')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const receipt = await response.text()
  const [stored] = await stage.rows<{
    lab_revision: string
    submitted_at: Date
    grading: string
    finished_at: Date
  }>(
    `SELECT s.lab_revision, s.submitted_at, g.id AS grading, g.finished_at
       FROM submission s JOIN grading g ON g.submission_id = s.id WHERE s.id = $1`,
    [submission],
  )
  const claims = await claimsOf(receipt)
  expect(claims).toEqual({
    iss: 'http://learn.test',
    iat: expect.any(Number),
    jti: stored?.grading,
    learner: someone.id,
    cohort: stage.cohort,
    course: 'grading',
    lab: 'greet',
    submission,
    grading: stored?.grading,
    attempt: 2,
    late: false,
    submissionHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    labRevision: stored?.lab_revision,
    sandbox,
    checks: [
      { id: 'greets', title: 'It greets', status: 'passed', points: 2, maxPoints: 2 },
      { id: 'names', title: 'It knows names', status: 'failed', points: 0, maxPoints: 3 },
    ],
    score: 2,
    maxScore: 5,
    assurance: 'replayed',
    submittedAt: stored?.submitted_at.toISOString(),
    gradedAt: stored?.finished_at.toISOString(),
  })
  expect(Math.abs(claims.iat - Date.now() / 1000)).toBeLessThan(60)
})

test('two submissions have one hash when their files are the same, and another one when they are not', async () => {
  const hashOf = async (content: string) => {
    await using worker = new TestWorker(stage.redis.url, grading('passed'))
    await worker.beat()
    const submission = await learner.submit('greet', content)
    await learner.verdict(submission)
    return (await claimsOf(await textOf(submission))).submissionHash
  }
  const first = await hashOf('one')
  expect(await hashOf('one')).toBe(first)
  expect(await hashOf('two')).not.toBe(first)
})

test('is for the owner and staff; nobody else learns that there is one', async () => {
  const other = await stage.addPerson()
  const elsewhere = await stage.addPerson('learner', 'learner', await stage.addCohort())
  const assistant = await stage.addPerson('learner', 'assistant')
  const admin = await stage.addPerson('admin', null)
  const submission = await graded(learner)
  for (const person of [learner, instructor, assistant, admin])
    expect((await claimsOf(await textOf(submission, person))).learner).toBe(learner.id)
  for (const person of [other, elsewhere]) expect((await receiptOf(submission, person)).status).toBe(404)
  const url = `${stage.replica.url}${apiPrefix}/submissions/${submission}/receipt`
  expect((await fetch(url)).status).toBe(401)
})

test('says of a hidden check no more than its learner sees, to staff too', async () => {
  const submission = await graded(learner, 'failed')
  for (const person of [learner, instructor]) {
    const text = JSON.stringify(await claimsOf(await textOf(submission, person)))
    for (const secret of ['MESSAGE-OF', 'NOTE-OF', 'HINT-OF', 'EXPECTED-OUTPUT', 'CONTENT-OF', 'hidden'])
      expect(text).not.toContain(secret)
  }
})

describe('there is none', () => {
  test('before the verdict', async () => {
    const submission = await learner.submit()
    expect(await problemOf(await receiptOf(submission))).toEqual({
      status: 409,
      code: 'not_graded',
      detail: 'It is being graded. A receipt is there with its verdict.',
    })
    await using worker = new TestWorker(stage.redis.url)
    await worker.beat()
    await learner.verdict(submission)
    expect((await receiptOf(submission)).status).toBe(200)
  })

  test('when the grading failed', async () => {
    await using worker = new TestWorker(stage.redis.url, async (running) => {
      await running.send(running.fault('the engine is on fire', [report('greets')]))
    })
    await worker.beat()
    const submission = await learner.submit()
    await learner.verdict(submission)
    const problem = await problemOf(await receiptOf(submission))
    expect(problem).toMatchObject({ status: 409, code: 'not_graded' })
    expect(problem.detail).toMatch(/grading failed/)
    expect(problem.detail).not.toMatch(/fire/)
  })

  test('of a grading that did not keep what it ran in, until it is graded again', async () => {
    const submission = await graded(learner)
    await stage.rows(`UPDATE grading SET sandbox = NULL WHERE submission_id = $1`, [submission])
    const problem = await problemOf(await receiptOf(submission))
    expect(problem).toMatchObject({ status: 409, code: 'conflict' })
    expect(problem.detail).toMatch(/regrade/)
    await using worker = new TestWorker(stage.redis.url)
    await worker.beat()
    await instructor.expect(202, 'POST', `/submissions/${submission}/regrade`)
    await learner.verdict(submission)
    expect((await receiptOf(submission)).status).toBe(200)
  })

  test('where no keys are configured', async () => {
    const submission = await graded(learner)
    const replica = await stage.startReplica()
    expect(await problemOf(await receiptOf(submission, learner, replica))).toMatchObject({
      status: 503,
      code: 'unavailable',
    })
    expect((await fetch(`${replica.url}/.well-known/jwks.json`)).status).toBe(503)
    await stage.stopReplica(replica)
  })
})

test('of a submission that is graded again it is of the grading that counts', async () => {
  const submission = await graded(learner, 'passed')
  const before = await claimsOf(await textOf(submission))
  await instructor.expect(202, 'POST', `/submissions/${submission}/regrade`)
  // Queued: what counted goes on counting.
  expect(await claimsOf(await textOf(submission))).toMatchObject({ grading: before.grading, score: 2 })
  {
    await using worker = new TestWorker(stage.redis.url, async (running) => {
      await running.send(running.fault('no luck'))
    })
    await worker.beat()
    await learner.verdict(submission)
  }
  expect(await claimsOf(await textOf(submission))).toMatchObject({ grading: before.grading, score: 2 })
  await instructor.expect(202, 'POST', `/submissions/${submission}/regrade`)
  await using worker = new TestWorker(stage.redis.url, grading('failed'))
  await worker.beat()
  await learner.verdict(submission)
  const after = await claimsOf(await textOf(submission))
  expect(after).toMatchObject({ submission, attempt: before.attempt, score: 0 })
  expect(after.grading).not.toBe(before.grading)
  expect(after.jti).toBe(after.grading)
})

describe('the keys', () => {
  test('are published to anyone, for a short time, without their private parts', async () => {
    const response = await fetch(`${stage.replica.url}/.well-known/jwks.json`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    const { keys: published } = (await response.json()) as ReceiptKeys
    for (const key of published)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    expect((await fetch(`${stage.replica.url}${apiPrefix}/.well-known/jwks.json`)).status).toBe(404)
  })

  test('are one ring for replicas that start at once, and rotate under them; receipts from before hold', async () => {
    const file = join(folder, 'shared.json')
    const replicas = await Promise.all(
      Array.from({ length: 3 }, () => stage.startReplica({ RECEIPT_KEYS_FILE: file })),
    )
    const submission = await graded(learner)
    const each = () => Promise.all(replicas.map((replica) => textOf(submission, learner, replica)))
    const published = await Promise.all(replicas.map(keys))
    expect(new Set(published.map((set) => JSON.stringify(set))).size).toBe(1)
    const before = await each()
    const kid = await rotateKeys(file)
    const after = await each()
    for (const replica of replicas) {
      const set = await keys(replica)
      expect(set.keys).toHaveLength(2)
      for (const receipt of before)
        expect(await verifyReceipt(receipt, set)).toMatchObject({ ok: true, kid: published[0]?.keys[0]?.kid })
      for (const receipt of after) expect(await verifyReceipt(receipt, set)).toMatchObject({ ok: true, kid })
    }
    // Who has not fetched the keys again is told so.
    expect(await verifyReceipt(after[0] ?? '', published[0])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('fetch them again'),
    })
    await Promise.all(replicas.map((replica) => stage.stopReplica(replica)))
    expect((await readdir(folder)).sort()).toEqual(['receipt-keys.json', 'shared.json'])
  })

  test('that are damaged keep the API from starting, and are not replaced', async () => {
    const file = join(folder, 'damaged.json')
    await writeFile(file, '{"active":', { mode: 0o600 })
    await expect(stage.startReplica({ RECEIPT_KEYS_FILE: file })).rejects.toThrow(/damaged.*Put it back/)
    expect(await readFile(file, 'utf8')).toBe('{"active":')
    await rm(file)
  })

  test('that are taken away under the API cost receipts and nothing else; where they were is not told', async () => {
    const file = join(folder, 'gone.json')
    const replica = await stage.startReplica({ RECEIPT_KEYS_FILE: file })
    const submission = await graded(learner)
    await rm(file)
    const problem = await problemOf(await receiptOf(submission, learner, replica))
    expect(problem).toMatchObject({ status: 503, code: 'unavailable' })
    expect(JSON.stringify(problem)).not.toContain(folder)
    expect((await fetch(`${replica.url}/.well-known/jwks.json`)).status).toBe(503)
    expect((await fetch(`${replica.url}/health/live`)).status).toBe(200)
    await stage.stopReplica(replica)
  })
})

test('what a learner makes of a receipt is none', async () => {
  const submission = await graded(learner, 'failed')
  const receipt = await textOf(submission)
  const [head = '', body = '', signature = ''] = receipt.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as ReceiptClaims
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const other = await textOf(await graded(learner, 'passed'))
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }
  const forged = [
    `${head}.${encode({ ...claims, score: 5 })}.${signature}`,
    `${head}.${encode({ ...claims, learner: instructor.id })}.${signature}`,
    `${head}.${body}.${other.split('.')[2]}`,
    `${encode({ alg: 'none', typ: receiptType, kid })}.${encode({ ...claims, score: 5 })}.`,
    `${head}.${encode({ ...claims, score: 5 })}.${createHash('sha512').update(body).digest('base64url')}`,
  ]
  const published = await keys()
  expect((await verifyReceipt(receipt, published)).ok).toBe(true)
  for (const text of forged) expect(await verifyReceipt(text, published)).toMatchObject({ ok: false })
})

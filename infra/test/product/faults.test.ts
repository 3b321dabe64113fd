import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { routes, type Submission } from '@cooperage/contracts'
import { startProduct, type ApiClient, type RunningProduct } from '@cooperage/testing'
import { Redis } from 'ioredis'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readSolutions } from './course-solutions.js'

/**
 * What must never lose or double a verdict: the sudden death of any part while submissions run. The product runs as
 * `npm start` gives it, with an engine of its own, and its parts are killed from outside.
 */
let product: RunningProduct
let data: string
let learners: ApiClient[]

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'cooperage-faults-'))
  product = await startProduct({ data, env: { DOCKER_HOST: undefined } })
  learners = await Promise.all([0, 1, 2].map((n) => product.as('learner', n)))
}, 600_000)
afterAll(async () => {
  const code = await product?.stop()
  const engine = existsSync(engineSocket())
  await rm(data, { recursive: true, force: true })
  expect({ code, engine }).toEqual({ code: 0, engine: false })
}, 120_000)

const secrets = () =>
  JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as {
    installationId: string
    redisAdmin: string
  }
const engineSocket = () => join('/run', `cooperage-${secrets().installationId}`, 'docker.sock')
const runFile = (service: string) =>
  JSON.parse(readFileSync(join(data, 'run', `${service}.json`), 'utf8')) as { pid: number }

const kill = (service: string) => process.kill(runFile(service).pid, 'SIGKILL')
async function emptyRedis() {
  const { redis } = JSON.parse(readFileSync(join(data, 'run', 'ports.json'), 'utf8')) as { redis: number }
  const client = new Redis({
    host: '127.0.0.1',
    port: redis,
    username: 'admin',
    password: secrets().redisAdmin,
  })
  await client.flushall()
  client.disconnect()
}

/** Repeats a question until its answer is not null; a refused connection is an answer to wait through. */
async function until<T>(question: () => Promise<T | null>, what: string, ms: number): Promise<T> {
  const end = Date.now() + ms
  let last: unknown
  while (Date.now() < end) {
    try {
      const answer = await question()
      if (answer !== null) return answer
    } catch (error) {
      last = error
    }
    await pause(250)
  }
  throw new Error(`${what}: not within ${ms} ms (${String(last)})\n${product.output().slice(-3000)}`)
}

const cohort = () => product.demo.cohortId
const lab = 'first-check'
const read = (client: ApiClient, id: string) =>
  client.call(routes.getSubmission, { params: { submission: id } })
const isOver = (submission: Submission) => !['queued', 'running'].includes(submission.status)

/** Twenty submissions of three people; `strike` comes as soon as the first has its verdict and others run. */
async function twentyWhile(strike: () => Promise<void> | void): Promise<void> {
  const { reference } = await readSolutions('fundamentals', lab)
  const sent = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const client = learners[n % learners.length]!
      const { id } = await client.call(routes.submit, {
        params: { cohort: cohort(), lab },
        body: { files: reference },
      })
      return { client, id }
    }),
  )
  await until(
    async () => {
      const states = await Promise.all(sent.map(({ client, id }) => read(client, id)))
      return states.some(isOver) && states.some((state) => !isOver(state)) ? true : null
    },
    'some verdicts',
    60_000,
  )
  await strike()
  const verdicts = await until(
    async () => {
      const states = await Promise.all(sent.map(({ client, id }) => read(client, id)))
      return states.every(isOver) ? states : null
    },
    'twenty verdicts',
    150_000,
  )
  expect(verdicts.map(({ status, score, maxScore }) => ({ status, full: score === maxScore }))).toEqual(
    sent.map(() => ({ status: 'graded', full: true })),
  )
}

interface Container {
  Created: number
  State: string
  Labels: Record<string, string>
}
const containers = () =>
  new Promise<Container[]>((resolve, reject) => {
    request({ socketPath: engineSocket(), path: '/containers/json?all=1' }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(JSON.parse(text) as Container[]))
    })
      .on('error', reject)
      .end()
  })
/** Containers that no living worker owns: all but those of the worker that runs now are gone, and none lies about dead. */
const noneLeft = (strikeAt: number) =>
  until(
    async () => {
      const left = (await containers()).filter(
        (one) => one.State !== 'running' || one.Created * 1000 < strikeAt,
      )
      return left.length === 0 ? true : null
    },
    'containers of before the strike gone',
    60_000,
  )

describe('twenty submissions, each ends with one verdict, while', () => {
  it('the worker is killed', async () => {
    let at = 0
    await twentyWhile(() => {
      at = Date.now()
      kill('worker')
    })
    await noneLeft(at)
  }, 300_000)

  it('the API is killed', async () => {
    await twentyWhile(() => {
      kill('api')
    })
  }, 300_000)

  it('the engine is killed', async () => {
    let at = 0
    await twentyWhile(() => {
      at = Date.now()
      kill('engine')
    })
    await noneLeft(at)
  }, 300_000)

  it('Redis is emptied', async () => {
    await twentyWhile(emptyRedis)
  }, 300_000)
})

it('counts every submission once', async () => {
  const counts = await Promise.all(
    learners.map(async (client) => {
      const { items } = await client.call(routes.listSubmissions, {
        params: { cohort: cohort(), lab },
        query: { limit: 200 },
      })
      const progress = await client.call(routes.myProgress, { query: { cohort: cohort() } })
      const attempts = progress.items.find((item) => item.id === lab)?.attempts
      return { attempts, submissions: items.length, numbers: new Set(items.map((item) => item.attempt)).size }
    }),
  )
  for (const { attempts, submissions, numbers } of counts)
    expect([attempts, numbers]).toEqual([submissions, submissions])
})

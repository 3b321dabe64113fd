import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { apiPrefix } from '@cooperage/contracts'
import { createTestDatabase, startTestRedis, type TestDatabase, type TestRedis } from '@cooperage/testing'
import request from 'supertest'
import { createApp } from '../src/app.js'
import { migrate } from '../src/data/index.js'
import { createLogger, readConfiguration } from '../src/platform/index.js'
import { setUp } from '../src/setup/index.js'
import { imagesFolder, publicUrl, schema, tinyFolder, workerToken } from './support/world.js'

let folder: string
let database: TestDatabase
let redis: TestRedis
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cooperage-setup-'))
  database = await createTestDatabase({ schema, migrate })
  redis = await startTestRedis()
}, 60_000)
afterEach(async () => {
  await redis.stop()
  await database.drop()
  await rm(folder, { recursive: true })
})

const configure = (environment: NodeJS.ProcessEnv = {}) =>
  readConfiguration({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    PUBLIC_URL: publicUrl,
    COOPERAGE_SECRET: 'the installation secret of these tests',
    WORKER_TOKEN: workerToken,
    COOPERAGE_COURSES: tinyFolder,
    LAB_IMAGES_DIR: imagesFolder,
    LOG_LEVEL: 'silent',
    ...environment,
  })
const running = async (configuration: ReturnType<typeof configure>) => {
  const app = await createApp(configuration, createLogger(configuration))
  await app.listen(0, '127.0.0.1')
  return { http: request(app.getHttpServer()), [Symbol.asyncDispose]: () => app.close() }
}

describe('setting up with demonstration data', () => {
  it('makes people who can sign in, a cohort, and a file for its owner alone; the second time nothing', async () => {
    const file = join(folder, 'state/demo.json')
    const configuration = configure({ DEMO_FILE: file })
    const report = await setUp(configuration)
    expect(report).toMatchObject({
      demo: true,
      problems: [],
      courses: [{ id: 'tiny', title: 'A tiny course' }],
    })
    expect(report.adminLink).toBeUndefined()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    const demo = JSON.parse(text)
    expect(demo).toMatchObject({ baseUrl: publicUrl, joinCode: expect.stringMatching(/^[A-Z0-9]{8}$/) })
    expect(demo.users.map((user: { role: string }) => user.role)).toEqual([
      'admin',
      'instructor',
      'learner',
      'learner',
      'learner',
    ])
    expect(await setUp(configuration)).toMatchObject({ demo: false, courses: report.courses })
    expect(await readFile(file, 'utf8')).toBe(text)

    await using api = await running(configuration)
    for (const { email, password, role } of demo.users) {
      const signedIn = await api.http.post(`${apiPrefix}/auth/login`).send({ email, password }).expect(200)
      const cookie = signedIn.get('Set-Cookie')?.[0] ?? ''
      const { body } = await api.http.get(`${apiPrefix}/me`).set('cookie', cookie).expect(200)
      const cohorts = role === 'admin' ? [] : [{ id: demo.cohortId, course: 'tiny', role }]
      expect(body).toMatchObject({ role, cohorts })
    }
  }, 60_000)

  it('two at once make one demonstration', async () => {
    const configuration = configure({ DEMO_FILE: join(folder, 'demo.json') })
    const reports = await Promise.all([setUp(configuration), setUp(configuration)])
    expect(reports.map(({ demo }) => demo).toSorted()).toEqual([false, true])
  })
})

describe('setting up without', () => {
  it('gives a one-time link for the first admin, until there is one', async () => {
    const configuration = configure()
    const first = await setUp(configuration)
    const second = await setUp(configuration)
    expect(second.adminLink).not.toBe(first.adminLink)
    await using api = await running(configuration)
    const accept = (link: string | undefined) =>
      api.http
        .post(`${apiPrefix}/invitations/${link?.split('/').at(-1)}`)
        .send({ name: 'Root', password: 'a password of mine' })
    await accept(first.adminLink).expect(404)
    const { body } = await accept(second.adminLink).expect(200)
    expect(body.user).toMatchObject({ email: second.adminEmail, role: 'admin', name: 'Root' })
    expect((await setUp(configuration)).adminLink).toBeUndefined()
  }, 60_000)
})

describe('courses', () => {
  it('that are faulty, missing or have an id twice are left out and told, and the others load', async () => {
    const courses = [tinyFolder, join(folder, 'nowhere'), tinyFolder].join(':')
    const report = await setUp(configure({ COOPERAGE_COURSES: courses }))
    expect(report.courses).toHaveLength(1)
    expect(report.problems.map(({ course }) => course)).toEqual([join(folder, 'nowhere'), tinyFolder])
    for (const problem of report.problems) expect(problem.message).not.toBe('')
  })
})

describe('readiness', () => {
  it('says for each thing what is missing, and does not wait for labs that are off', async () => {
    const waiting = configure({ DEMO_FILE: join(folder, 'demo.json') })
    {
      await using api = await running(waiting)
      await api.http.get('/health/live').expect(200)
      const { body } = await api.http.get('/health/ready').expect(503)
      expect(body).toEqual({
        status: 'unavailable',
        dependencies: {
          database: 'ok',
          redis: 'ok',
          course: 'no course is loaded',
          demo: 'the demonstration data is not there yet',
          worker: 'no worker is running',
          image: 'ok',
        },
      })
    }
    await setUp(waiting)
    await using api = await running(configure({ LABS_OFF_REASON: 'There is no engine here.' }))
    const { body } = await api.http.get('/health/ready').expect(200)
    expect(body).toMatchObject({
      status: 'ok',
      dependencies: { demo: 'ok', worker: 'labs are off: There is no engine here.' },
    })
  }, 60_000)
})

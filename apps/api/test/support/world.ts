/** The production module on a database and a Redis of the test file's own, with the tiny course, and people to call it. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { apiPrefix, type CohortRole, type Role } from '@cooperage/contracts'
import { loadCourse, type Course } from '@cooperage/course'
import { createTestDatabase, startTestRedis, type TestDatabase, type TestRedis } from '@cooperage/testing'
import { join } from 'node:path'
import { readdirSync, readFileSync } from 'node:fs'
import request from 'supertest'
import { createApp } from '../../src/app.js'
import { newJoinCode } from '../../src/cohorts/index.js'
import { importCourse } from '../../src/courses/index.js'
import { Database, migrate, newId } from '../../src/data/index.js'
import { hashPassword } from '../../src/identity/index.js'
import { createLogger, hashToken, newToken, readConfiguration } from '../../src/platform/index.js'

export const publicUrl = 'http://learn.test:8080'
export const workerToken = 'token-of-the-lab-hosts-in-these-tests'
export const password = 'correct horse battery'
const migrations = join(import.meta.dirname, '../../src/data/migrations')
/** Another text for another schema: a database that was made for an older one is not used again. */
export const schema = readdirSync(migrations)
  .map((file) => readFileSync(join(migrations, file), 'utf8'))
  .join('')
export const tinyFolder = join(import.meta.dirname, '../tiny-course')
export const imagesFolder = join(import.meta.dirname, '../../../../docker/labs')

export interface PersonOptions {
  role?: Role
  name?: string
  email?: string
  /** In the world's cohort. */
  enrolled?: CohortRole | null
}

/** The course of the tests, as read from its folder. */
export async function tinyCourse(): Promise<Course> {
  const loaded = await loadCourse(tinyFolder, { labImagesDir: imagesFolder })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.course
}

/** Someone with an API token. */
export class Person {
  constructor(
    readonly id: string,
    readonly email: string,
    private readonly world: World,
    private readonly token: string,
  ) {}

  call(method: 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete', path: string): request.Test {
    return this.world.http[method](`${apiPrefix}${path}`).set('authorization', `Bearer ${this.token}`)
  }
  get(path: string) {
    return this.call('get', path)
  }
  post(path: string, body?: object) {
    return this.call('post', path).send(body)
  }
  put(path: string, body: object) {
    return this.call('put', path).send(body)
  }
  patch(path: string, body: object) {
    return this.call('patch', path).send(body)
  }
}

export class World implements AsyncDisposable {
  cohort = ''
  private passwordHash = ''

  private constructor(
    readonly app: NestFastifyApplication,
    private readonly stores: { database: TestDatabase; redis: TestRedis },
  ) {}

  /** `environment` goes on top of what the tests need; `redis` is for a test that stops it, `log` for one that reads what is logged. */
  static async start(
    environment: NodeJS.ProcessEnv = {},
    given: { redis?: TestRedis; log?: { write(line: string): void } } = {},
  ): Promise<World> {
    const [database, redis] = await Promise.all([
      createTestDatabase({ schema, migrate }),
      given.redis ?? startTestRedis(),
    ])
    const app = await startApp(environment, database, redis, given.log).catch(async (error: unknown) => {
      await redis.stop()
      await database.drop()
      throw error
    })
    const world = new World(app, { database, redis })
    world.passwordHash = await hashPassword(password)
    await importCourse(world.database, await tinyCourse())
    world.cohort = await world.addCohort()
    return world
  }

  get database(): Database {
    return this.app.get(Database)
  }
  get http() {
    return request(this.app.getHttpServer())
  }

  async addCohort(name = 'A cohort'): Promise<string> {
    const id = newId()
    await this.database.query('INSERT INTO cohort (id, course_id, name, join_code) VALUES ($1, $2, $3, $4)', [
      id,
      'tiny',
      name,
      newJoinCode(),
    ])
    return id
  }

  async addPerson({ role = 'learner', name, email, enrolled = null }: PersonOptions = {}): Promise<Person> {
    const id = newId()
    const token = newToken('coop_')
    const address = email ?? `${id}@example.org`
    await this.database.query(
      'INSERT INTO "user" (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)',
      [id, address, name ?? `Person ${id.slice(-4)}`, role, this.passwordHash],
    )
    await this.database.query(
      `INSERT INTO api_token (id, user_id, name, token_hash, last_used_at) VALUES ($1, $2, 'test', $3, now())`,
      [newId(), id, hashToken(token)],
    )
    if (enrolled) await this.enrol(id, enrolled)
    return new Person(id, address, this, token)
  }

  async enrol(person: string, role: CohortRole, cohort = this.cohort): Promise<void> {
    await this.database.query('INSERT INTO enrolment (cohort_id, user_id, role) VALUES ($1, $2, $3)', [
      cohort,
      person,
      role,
    ])
  }

  /** Signs in as a browser does; the answer's cookie, ready to send. */
  async signIn(email: string, secret = password): Promise<string> {
    const answer = await this.http
      .post(`${apiPrefix}/auth/login`)
      .set('origin', publicUrl)
      .send({ email, password: secret })
      .expect(200)
    return cookieOf(answer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close()
    await this.stores.redis.stop()
    await this.stores.database.drop()
  }
}

async function startApp(
  environment: NodeJS.ProcessEnv,
  database: TestDatabase,
  redis: TestRedis,
  log: { write(line: string): void } | undefined,
): Promise<NestFastifyApplication> {
  const configuration = readConfiguration({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    PUBLIC_URL: publicUrl,
    COOPERAGE_SECRET: 'the installation secret of these tests',
    WORKER_TOKEN: workerToken,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...environment,
  })
  const app = await createApp(configuration, createLogger(configuration, log))
  await app.listen(0, '127.0.0.1')
  return app
}

/** The first cookie that an answer sets, as a request sends it. */
export function cookieOf(answer: request.Response): string {
  const [cookie] = answer.get('Set-Cookie') ?? []
  return cookie?.split(';')[0] ?? ''
}

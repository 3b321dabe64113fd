import 'reflect-metadata'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import {
  apiPrefix,
  type CohortRole,
  type Role,
  type Submission,
  type SubmissionEvent,
} from '@cooperage/contracts'
import { loadCourse } from '@cooperage/course'
import { createTestDatabase, type TestDatabase } from '@cooperage/testing'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createApp } from '../../src/app.js'
import { importCourse } from '../../src/courses/index.js'
import { Database, migrate, newId } from '../../src/data/index.js'
import { createLogger, hashToken, newToken, readConfiguration } from '../../src/platform/index.js'
import { TestRedis } from './test-redis.js'
import { imagesFolder, schema, workerToken } from './world.js'

const origin = 'http://learn.test'
const installationSecret = 'the installation secret of these tests'

/** One replica of the API, listening. */
export interface Replica {
  app: NestFastifyApplication
  url: string
}

/** A person with an API token, as a program calls: no cookie, so no Origin is asked of it. */
export class Person {
  constructor(
    readonly id: string,
    readonly token: string,
    private readonly stage: Stage,
  ) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    replica: Replica = this.stage.replica,
  ): Promise<Response> {
    return fetch(`${replica.url}${apiPrefix}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** The JSON of an answer that must have this status. */
  async expect<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body)
    const text = await response.text()
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }

  async submit(lab = 'greet', content = 'pass', cohort = this.stage.cohort): Promise<string> {
    const files = [{ path: 'greet.sh', content }]
    const accepted = await this.expect<{ id: string }>(
      202,
      'POST',
      `/cohorts/${cohort}/labs/${lab}/submissions`,
      { files },
    )
    return accepted.id
  }

  get(submission: string): Promise<Submission> {
    return this.expect<Submission>(200, 'GET', `/submissions/${submission}`)
  }

  /** Events until the API ends the stream; `onEvent` sees each as it comes. */
  async events(
    submission: string,
    onEvent: (event: SubmissionEvent) => unknown = () => undefined,
    replica: Replica = this.stage.replica,
  ): Promise<SubmissionEvent[]> {
    const response = await fetch(`${replica.url}${apiPrefix}/submissions/${submission}/events`, {
      headers: { authorization: `Bearer ${this.token}` },
    })
    if (!response.ok || !response.body) throw new Error(`events: ${response.status} ${await response.text()}`)
    const events: SubmissionEvent[] = []
    let buffer = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      buffer += chunk
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        const event = /^event: (.*)\ndata: (.*)$/s.exec(buffer.slice(0, end))
        buffer = buffer.slice(end + 2)
        if (!event) continue
        events.push({ event: event[1], data: JSON.parse(event[2] ?? '') } as SubmissionEvent)
        await onEvent(events.at(-1) as SubmissionEvent)
      }
    }
    return events
  }

  /** Follows the events to the verdict. */
  async verdict(submission: string): Promise<Submission> {
    const last = (await this.events(submission)).at(-1)
    if (last?.event !== 'verdict') throw new Error(`the events of ${submission} ended with ${last?.event}`)
    return last.data
  }
}

/** A database with the test course and a cohort, a Redis that may be stopped, and as many replicas of the API as a test wants. */
export class Stage implements AsyncDisposable {
  readonly replicas: Replica[] = []
  cohort = ''

  private constructor(
    readonly database: TestDatabase,
    readonly sql: pg.Pool,
    readonly redis: TestRedis,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<Stage> {
    const [database, redis] = await Promise.all([createTestDatabase({ schema, migrate }), TestRedis.start()])
    const stage = new Stage(database, new pg.Pool({ connectionString: database.url, max: 4 }), redis)
    try {
      stage.sql.on('error', () => undefined)
      const replica = await stage.startReplica(environment)
      const folder = join(import.meta.dirname, '..', 'grading-course')
      const course = await loadCourse(folder, { labImagesDir: imagesFolder })
      if (!course.ok) throw new Error(JSON.stringify(course.problems))
      await importCourse(replica.app.get(Database), course.course)
      stage.cohort = await stage.addCohort()
      return stage
    } catch (error) {
      await stage[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The one that people call. */
  get replica(): Replica {
    const [replica] = this.replicas
    if (!replica) throw new Error('no replica runs')
    return replica
  }

  async startReplica(environment: Record<string, string> = {}): Promise<Replica> {
    const configuration = readConfiguration({
      DATABASE_URL: this.database.url,
      REDIS_URL: this.redis.url,
      PUBLIC_URL: origin,
      COOPERAGE_SECRET: installationSecret,
      WORKER_TOKEN: workerToken,
      LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
      ...environment,
    })
    const app = await createApp(configuration, createLogger(configuration))
    await app.listen(0, '127.0.0.1')
    const replica = { app, url: await app.getUrl() }
    this.replicas.push(replica)
    return replica
  }

  async stopReplica(replica: Replica): Promise<void> {
    this.replicas.splice(this.replicas.indexOf(replica), 1)
    await replica.app.close()
  }

  async addCohort(): Promise<string> {
    const id = newId()
    await this.sql.query(
      `INSERT INTO cohort (id, course_id, name, join_code) VALUES ($1, 'grading', 'A cohort', $2)`,
      [id, id.slice(-8)],
    )
    return id
  }

  async addPerson(
    role: Role = 'learner',
    enrolled: CohortRole | null = 'learner',
    cohort = this.cohort,
  ): Promise<Person> {
    const id = newId()
    const token = newToken('coop_')
    await this.sql.query(`INSERT INTO "user" (id, email, name, role) VALUES ($1, $2, $3, $4)`, [
      id,
      `${id}@example.org`,
      `Person ${id.slice(-4)}`,
      role,
    ])
    await this.sql.query(
      `INSERT INTO api_token (id, user_id, name, token_hash, last_used_at) VALUES ($1, $2, 'test', $3, now())`,
      [newId(), id, hashToken(token)],
    )
    if (enrolled) await this.enrol(id, enrolled, cohort)
    return new Person(id, token, this)
  }

  async enrol(person: string, role: CohortRole, cohort = this.cohort): Promise<void> {
    await this.sql.query(`INSERT INTO enrolment (cohort_id, user_id, role) VALUES ($1, $2, $3)`, [
      cohort,
      person,
      role,
    ])
  }

  /** Rows of a query, for what only the database can tell. */
  async rows<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.sql.query<Row>(sql, parameters)).rows
  }

  /** Waits until a query answers rows; throws after half a minute. */
  async until(sql: string, parameters: unknown[] = []): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if ((await this.rows(sql, parameters)).length > 0) return
      await sleep(50)
    }
    throw new Error(`never came true: ${sql}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.replicas[0]) await this.stopReplica(this.replicas[0])
    await this.sql.end()
    await this.redis[Symbol.asyncDispose]()
    await this.database.drop()
  }
}

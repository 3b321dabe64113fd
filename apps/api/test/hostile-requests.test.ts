import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { Problem } from '@cooperage/contracts'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { hashToken, newToken } from '../src/platform/index.js'
import { newId } from '../src/data/index.js'
import type { HostileCase, Who } from './support/hostile-case.js'
import { hostileCases } from './support/hostile-cases.js'
import { Stage, type Person } from './support/stage.js'

jest.setTimeout(120_000)

let stage: Stage
let cases: HostileCase[]
let credentials: Record<Who, Record<string, string>>

beforeAll(async () => {
  stage = await Stage.start()
  const learner = await stage.addPerson()
  const instructor = await stage.addPerson('instructor', 'instructor')
  const stranger = await stage.addPerson('learner', 'learner', await stage.addCohort())
  const admin = await stage.addPerson('admin', null)
  const bearer = (person: Person) => ({ authorization: `Bearer ${person.token}` })
  const session = newToken()
  await stage.rows(
    `INSERT INTO session (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [newId(), learner.id, hashToken(session)],
  )
  credentials = {
    nobody: {},
    learner: bearer(learner),
    stranger: bearer(stranger),
    instructor: bearer(instructor),
    admin: bearer(admin),
    cookie: { cookie: `cooperage_session=${session}` },
  }
  const submission = await learner.submit()
  const attempt = await learner.expect<{ id: string }>(
    201,
    'POST',
    `/cohorts/${stage.cohort}/questions/why-files/attempts`,
    { answer: 'x' },
  )
  cases = hostileCases({ cohort: stage.cohort, submission, attempt: attempt.id, learner: learner.id })
})
afterAll(() => stage[Symbol.asyncDispose]())

interface Answer {
  status: number
  type: string
  text: string
}

/** Sent as it is: `fetch` would repair addresses and refuse headers. */
async function send(hostile: HostileCase): Promise<Answer> {
  const { hostname, port } = new URL(stage.replica.url)
  const body = hostile.body === undefined ? Buffer.alloc(0) : Buffer.from(hostile.body)
  const call = request({
    host: hostname,
    port,
    method: hostile.method,
    path: hostile.path,
    headers: {
      ...credentials[hostile.who],
      ...hostile.headers,
      ...(hostile.body === undefined ? {} : { 'content-length': String(body.length) }),
    },
  })
  // A server that refuses a body before it has read it may close the connection while we write.
  call.on('error', () => undefined)
  call.end(body)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }
}

/** Rows of each table, and what is in those that a request could change without adding a row. */
async function everything(): Promise<Record<string, unknown>> {
  const tables = await stage.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  )
  const state: Record<string, unknown> = {}
  for (const { name } of tables) {
    const [row] = await stage.rows<{ state: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS state FROM "${name}" t`,
    )
    state[name] = row?.state
  }
  return state
}

function faultsOf(hostile: HostileCase, answer: Answer): string[] {
  const faults: string[] = []
  const says = (fault: string) =>
    faults.push(`${hostile.name}: ${fault} (${answer.status} ${answer.text.slice(0, 200)})`)
  if (answer.status < 400 || answer.status > 499) says('not a 4xx')
  if (!answer.type.startsWith('application/problem+json')) says(`of type ${answer.type}`)
  else {
    const problem = Problem.strict().safeParse(JSON.parse(answer.text))
    if (!problem.success) says('not a problem')
    else if (problem.data.status !== answer.status || problem.data.detail.length < 5) says('without a reason')
  }
  if (/node_modules|\.(ts|js):\d|\bat .+ \(|QueryFailed|SELECT |violates|syntax for type/.test(answer.text))
    says('shows the inside')
  return faults
}

test('two hundred bad requests and more: each a 4xx problem with a reason, no stack, nothing stored', async () => {
  expect(cases.length).toBeGreaterThan(200)
  // Handed over before we count: no worker runs, so that nothing else changes.
  await stage.until(`SELECT 1 FROM grading WHERE dispatched_at IS NOT NULL`)
  const before = await everything()
  const faults: string[] = []
  for (const hostile of cases) faults.push(...faultsOf(hostile, await send(hostile)))
  expect(faults).toEqual([])
  expect(await everything()).toEqual(before)
})

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a control character in the path', 'GET /api/v1/me\u0001 HTTP/1.1\r\nhost: x\r\n\r\n'],
  [
    'two lengths',
    'POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
  ],
  [
    'a length and chunks',
    'POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['headers without end', `GET /api/v1/me HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`],
])('on the wire: %s', async (_name, bytes) => {
  const { hostname, port } = new URL(stage.replica.url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(text).toMatch(/content-type: application\/problem\+json/i)
})

test('after all of that, an honest request is served', async () => {
  const answer = await send({ name: 'me', method: 'GET', path: '/api/v1/me', who: 'learner' })
  expect(answer.status).toBe(200)
})

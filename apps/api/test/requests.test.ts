/** Requests that are wrong in themselves: each gets a problem with a reason, nothing is stored, and nothing of the inside shows. */
import { Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Problem, routes } from '@cooperage/contracts'
import type request from 'supertest'
import { publicUrl, World, type Person } from './support/world.js'

let world: World
let admin: Person
let member: Person
beforeAll(async () => {
  world = await World.start()
  admin = await world.addPerson({ role: 'admin', enrolled: 'instructor' })
  member = await world.addPerson({ enrolled: 'learner' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

function expectProblem(answer: request.Response, status: number, code: string): Problem {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  expect(answer.get('Content-Type')).toMatch(/^application\/problem\+json/)
  const problem = Problem.strict().parse(answer.body)
  expect(problem.status).toBe(status)
  expect(problem.requestId).toBe(answer.get('X-Request-Id'))
  expect(answer.text).not.toMatch(/node_modules|at .*\.ts|QueryFailed|SELECT/)
  return problem
}
const raw = (body: string, type = 'application/json') =>
  admin.call('post', '/cohorts').set('content-type', type).send(body)

describe('a body of very many parts', () => {
  const submit = (files: string) =>
    member
      .call('post', `/cohorts/${world.cohort}/labs/greet/submissions`)
      .set('content-type', 'application/json')
      .send(`{"files": ${files}}`)
  it.each([
    ['a long list', `[${'1,'.repeat(20_000)}1]`, 'a list or object of more than 10000 parts'],
    ['many lists', `[${`[${'1,'.repeat(9_000)}1],`.repeat(6)}1]`, 'more than 50000 values in all'],
  ])('is refused without a look at each: %s', async (_, files, message) => {
    const problem = expectProblem(await submit(files), 422, 'validation_failed')
    expect(problem.errors).toEqual([{ path: '', message }])
  })
})

describe('bodies', () => {
  it.each([
    ['not JSON', '{"course": ', 'invalid_json'],
    ['a bare word', 'hello', 'invalid_json'],
    ['a forbidden prototype', '{"__proto__": {"admin": true}}', 'invalid_json'],
    ['a forbidden constructor', '{"constructor": {"prototype": {"admin": true}}}', 'invalid_json'],
  ])('%s', async (_, body, code) => {
    expectProblem(await raw(body), 400, code)
  })

  it.each([
    ['text/plain', 'hello'],
    ['application/x-www-form-urlencoded', 'course=tiny&name=x'],
    ['application/xml', '<cohort/>'],
    ['multipart/form-data; boundary=x', '--x--'],
  ])('of type %s', async (type, body) => {
    expectProblem(await raw(body, type), 415, 'unsupported_media_type')
  })

  it.each([
    ['[]', ''],
    ['"text"', ''],
    ['null', 'course'],
    ['{}', 'course'],
    ['{"course": "tiny", "name": 5}', 'name'],
    ['{"course": "tiny", "name": ""}', 'name'],
    ['{"course": "No Slug", "name": "x"}', 'course'],
    ['{"course": "unknown", "name": "x"}', 'course'],
    ['{"course": "tiny", "name": "x", "admin": true}', ''],
    ['{"course": "tiny", "name": "x", "startsAt": "tomorrow"}', 'startsAt'],
    ['{"course": "tiny", "name": "x", "startsAt": "2026-02-30T00:00:00Z"}', 'startsAt'],
    [
      '{"course": "tiny", "name": "x", "startsAt": "2026-02-02T00:00:00Z", "endsAt": "2026-02-01T00:00:00Z"}',
      'endsAt',
    ],
    ['{"course": "tiny", "name": "x", "startsAt": "0000-01-01T00:00:00Z"}', 'startsAt'],
    ['{"course": "tiny", "name": "x", "startsAt": "9999-12-31T23:59:59-01:00"}', 'startsAt'],
    [String.raw`{"course": "tiny", "name": "a\u0000b"}`, 'name'],
    [String.raw`{"course": "tiny", "name": "a\ud800b"}`, 'name'],
    [JSON.stringify({ course: 'tiny', name: 'x'.repeat(121) }), 'name'],
  ])('%s', async (body, path) => {
    const problem = expectProblem(await raw(body), 422, 'validation_failed')
    expect(problem.errors?.map((error) => error.path)).toContain(path)
    expect(await world.database.query('SELECT 1 FROM cohort')).toHaveLength(1)
  })

  it('takes times of any offset and precision, and answers in UTC', async () => {
    const given = { startsAt: '2030-01-01T02:00:00+02:00', endsAt: '9999-12-31T23:59:59.999999999Z' }
    const { body } = await admin.post('/cohorts', { course: 'tiny', name: 'x', ...given }).expect(201)
    const cohort = await admin.get(`/cohorts/${body.id}`).expect(200)
    expect(cohort.body).toMatchObject({
      startsAt: '2030-01-01T00:00:00.000Z',
      endsAt: '9999-12-31T23:59:59.999Z',
    })
  })

  it('names a path deep in the body', async () => {
    const late = { kind: 'penalty', percentPerDay: 101 }
    const answer = await admin.put(`/cohorts/${world.cohort}/labs/greet/schedule`, { late })
    expect(expectProblem(answer, 422, 'validation_failed').errors?.[0]?.path).toBe('late.percentPerDay')
  })

  it('larger than the route takes', async () => {
    const big = JSON.stringify({ course: 'tiny', name: 'x'.repeat(300_000) })
    const problem = expectProblem(await raw(big), 413, 'payload_too_large')
    expect(problem.detail).toBe('The body has more than 262144 bytes.')
  })

  it('an empty one is none, whatever its type says', async () => {
    expectProblem(await raw(''), 422, 'validation_failed')
    await member.call('post', '/auth/logout').set('content-type', 'application/json').send('').expect(204)
  })
})

describe('addresses', () => {
  it.each([
    ['/nothing-here', 404, 'not_found'],
    ['/courses/tiny/', 404, 'not_found'],
    ['/cohorts/not-an-id', 404, 'not_found'],
    ['/cohorts/00000000-0000-0000-0000-00000000000z', 404, 'not_found'],
    ["/cohorts/1'%20OR%20'1'='1", 404, 'not_found'],
    ['/courses/..%2f..%2fetc', 404, 'not_found'],
    ['/courses/tiny/lessons/%00', 404, 'not_found'],
    ['/courses/__proto__', 404, 'not_found'],
    ['/courses/constructor', 404, 'not_found'],
    ['/submissions/%F0%9F%92%A9', 404, 'not_found'],
    ['/courses/%', 400, 'bad_request'],
    ['/courses/%zz/lessons/x', 400, 'bad_request'],
    ['/cohorts?limit=0', 422, 'validation_failed'],
    ['/cohorts?limit=many', 422, 'validation_failed'],
    ['/cohorts?limit=1&limit=2', 422, 'validation_failed'],
    ['/cohorts?cursor=x', 422, 'validation_failed'],
    ['/cohorts?unknown=1', 422, 'validation_failed'],
    ['/cohorts?__proto__=1', 422, 'validation_failed'],
    ['/me/progress', 422, 'validation_failed'],
    ['/me/progress?cohort=x', 422, 'validation_failed'],
    [`/courses/${'x'.repeat(5_000)}`, 414, 'bad_request'],
  ])('%s', async (path, status, code) => {
    const answer = await admin.get(path)
    if (status === 414) {
      // Longer than any id: the router does not even try to match it.
      expect([400, 404, 414]).toContain(answer.status)
      expect(answer.get('Content-Type')).toMatch(/^application\/problem\+json/)
    } else expectProblem(answer, status, code)
  })

  it.each(['delete', 'put', 'patch'] as const)('with %s where it is not supported', async (method) => {
    const answer = await admin.call(method, '/cohorts')
    expectProblem(answer, 405, 'method_not_allowed')
    expect(answer.get('Allow')).toBe('GET, POST')
  })

  it('something that is not HTTP', async () => {
    const address = new URL(await world.app.getUrl())
    const socket = new Socket().connect(Number(address.port), '127.0.0.1')
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.write('NONSENSE\r\n\r\n')
    await once(socket, 'close')
    expect(text).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s)
  })
})

describe('every answer', () => {
  it('has the headers that keep a page safe, and is not kept by anyone', async () => {
    const answer = await admin.get('/me').expect(200)
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("script-src 'self';"),
    })
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(answer.get('X-Powered-By')).toBeUndefined()
  })

  it('holds nothing that the contract does not declare', async () => {
    const person = await world.addPerson({ email: 'plain@example.org' })
    const answer = await world.http
      .post('/api/v1/auth/login')
      .set('origin', publicUrl)
      .send({ email: person.email, password: 'correct horse battery' })
    expect(Object.keys(answer.body.user).toSorted()).toEqual(['email', 'id', 'name', 'role'])
  })
})

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and has every route of the contract', async () => {
    const { body } = await world.http.get('/api/v1/openapi.json').expect(200)
    expect(body.openapi).toBe('3.1.0')
    const operations = Object.values<Record<string, { operationId: string }>>(body.paths)
      .flatMap((path) => Object.values(path))
      .map((operation) => operation.operationId)
    expect(operations.toSorted()).toEqual(Object.keys(routes).toSorted())
    expect(body.paths['/api/v1/cohorts'].post.requestBody.content['application/json'].schema).toMatchObject({
      required: ['course', 'name'],
      additionalProperties: false,
    })
  })

  it('can be browsed, with nothing from other sites', async () => {
    const page = await world.http.get('/api/docs').expect(200)
    const sources = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, source]) => source ?? '')
    expect(sources.length).toBeGreaterThan(2)
    for (const source of sources) {
      const address = new URL(source, 'http://here/api/docs')
      expect(address.host).toBe('here')
      await world.http.get(address.pathname).expect(200)
    }
  })
})

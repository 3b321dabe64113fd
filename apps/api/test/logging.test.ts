import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { cookieOf, password, publicUrl, World } from './support/world.js'

const lines: string[] = []
let world: World
beforeAll(async () => {
  world = await World.start({ LOG_LEVEL: 'trace' }, { log: { write: (line) => lines.push(line) } })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

/** What was logged about a request, by the id that its answer has. */
const linesOf = (answer: { headers: Record<string, string> }) =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.requestId === answer.headers['x-request-id'])

it('each request is one line, with who called, what they called and how it went', async () => {
  const person = await world.addPerson({ enrolled: 'learner' })
  const answer = await person.get('/courses/tiny/lessons/unknown').expect(404)
  expect(linesOf(answer)).toMatchObject([
    {
      level: 'info',
      method: 'GET',
      route: '/api/v1/courses/:course/lessons/:lesson',
      status: 404,
      userId: person.id,
      ms: expect.any(Number),
    },
  ])
})

it('no line holds a password, a cookie, a token or what people wrote, even when a request fails', async () => {
  const admin = await world.addPerson({ role: 'admin' })
  const login = { email: admin.email, password }
  const signedIn = await world.http
    .post('/api/v1/auth/login')
    .set('origin', publicUrl)
    .send(login)
    .expect(200)
  const cookie = cookieOf(signedIn)
  await world.http
    .post('/api/v1/auth/login')
    .set('origin', publicUrl)
    .send({ ...login, password: 'WRONG-PASSWORD' })
    .expect(401)
  const made = await world.http
    .post('/api/v1/me/tokens')
    .set({ cookie, origin: publicUrl })
    .send({ name: 'script' })
    .expect(201)
  const invited = await admin
    .post('/users', { email: 'new@example.org', name: 'New', role: 'learner' })
    .expect(201)
  const invitation = String(invited.body.invitationUrl).split('/').at(-1)
  await world.http.post(`/api/v1/invitations/${invitation}`).send({ name: 'New', password: 'NEW-PASSWORD' })

  await world.database.query('ALTER TABLE api_token RENAME COLUMN name TO label')
  const failed = await world.http
    .post('/api/v1/me/tokens')
    .set({ cookie, origin: publicUrl })
    .send({ name: 'PRIVATE-NAME' })
    .expect(500)
  await world.database.query('ALTER TABLE api_token RENAME COLUMN label TO name')
  expect(failed.body).toEqual({
    type: 'urn:cooperage:problem:internal',
    title: 'Something went wrong on our side',
    status: 500,
    detail: 'Something went wrong on our side',
    code: 'internal',
    requestId: failed.headers['x-request-id'],
  })
  const report = linesOf(failed).find((line) => line.level === 'error')
  expect(report).toMatchObject({
    err: { type: 'error', stack: expect.stringContaining('api-tokens.ts') },
  })

  const everything = lines.join('')
  const secrets = [
    password,
    'WRONG-PASSWORD',
    'NEW-PASSWORD',
    'PRIVATE-NAME',
    cookie.split('=')[1],
    made.body.token,
  ]
  for (const secret of [...secrets, invitation, 'argon2id', 'the installation secret']) {
    expect(secret).toBeTruthy()
    expect(everything).not.toContain(secret)
  }
})

/** HEAD is GET without the body: probes and proxies ask so. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { newId } from '../src/data/index.js'
import { EventStreams } from '../src/platform/index.js'
import { World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await World.start()
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

it('has the headers of GET, and its permissions', async () => {
  const person = await world.addPerson()
  const got = await person.get('/me').expect(200)
  const head = await person.call('head', '/me').expect(200)
  expect(head.text).toBeUndefined()
  expect(head.get('Content-Length')).toBe(got.get('Content-Length'))
  await world.http.head('/api/v1/me').expect(401)
  await person.call('head', '/nothing').expect(404)
  await world.http.head('/health/live').expect(200)
})

it('counts as reading', async () => {
  const person = await world.addPerson()
  const remaining = async (method: 'get' | 'head') =>
    Number((await person.call(method, '/me')).get('X-RateLimit-Remaining'))
  expect(await remaining('head')).toBe((await remaining('get')) + 1)
})

it('opens no stream of events that nobody listens to', async () => {
  const person = await world.addPerson({ enrolled: 'learner' })
  const [submission, grading] = [newId(), newId()]
  await world.database.query(
    `INSERT INTO submission (id, cohort_id, lab, lab_revision, learner_id, attempt, late, files, files_hash, counted_grading_id)
     SELECT $1, $2, 'greet', revision, $3, 1, false, '[]', '', $4 FROM lab_revision LIMIT 1`,
    [submission, world.cohort, person.id, grading],
  )
  await world.database.query(
    `INSERT INTO grading (id, submission_id, learner_id, state, secret_hash, max_score) VALUES ($1, $2, $3, 'running', '', 3)`,
    [grading, submission, person.id],
  )
  const opened = jest.spyOn(world.app.get(EventStreams), 'open')
  const head = await person.call('head', `/submissions/${submission}/events`).expect(200)
  expect(head.get('Content-Type')).toMatch(/^text\/event-stream/)
  expect(opened.mock.results.map(({ value }) => (value as { open: boolean }).open)).toEqual([false])
})

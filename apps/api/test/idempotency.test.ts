import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { World, type Person } from './support/world.js'

let world: World
let instructor: Person
beforeAll(async () => {
  world = await World.start()
  instructor = await world.addPerson({ role: 'instructor' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

const create = (key: string, name = 'Spring', person = instructor) =>
  person.post('/cohorts', { course: 'tiny', name }).set('idempotency-key', key)
const cohorts = async () => (await world.database.query('SELECT 1 FROM cohort')).length

it('the same key and body are one cohort, with the same answer and address', async () => {
  const before = await cohorts()
  const first = await create('a').expect(201)
  const second = await create('a').expect(201)
  expect(second.body).toEqual(first.body)
  expect(second.get('Location')).toBe(first.get('Location'))
  expect(await cohorts()).toBe(before + 1)
})

it('the same key with another body, or at another address, is a conflict', async () => {
  await create('b').expect(201)
  expect((await create('b', 'Autumn').expect(409)).body.code).toBe('idempotency_conflict')
  await instructor.post('/me/tokens', { name: 'x' }).set('idempotency-key', 'b').expect(409)
})

it('a key is its caller’s: others may use the same', async () => {
  const other = await world.addPerson({ role: 'instructor' })
  const [mine, theirs] = [await create('c').expect(201), await create('c', 'Spring', other).expect(201)]
  expect(theirs.body.id).not.toBe(mine.body.id)
})

it('twenty at once are one cohort, with one answer', async () => {
  const before = await cohorts()
  const answers = await Promise.all(Array.from({ length: 20 }, () => create('d')))
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]))
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  expect(await cohorts()).toBe(before + 1)
})

it('a request that failed frees its key', async () => {
  await create('e', '').expect(422)
  await create('e', 'Autumn').expect(201)
})

it('a request that died with its process is answered anew once its time is over', async () => {
  await create('f').expect(201)
  await world.database.query(
    `UPDATE idempotency_key SET status = NULL, response = NULL, leased_until = now() - interval '1 second' WHERE key = 'f'`,
  )
  await create('f').expect(201)
})

it('stores no token in clear, and still answers with it', async () => {
  const make = () => instructor.post('/me/tokens', { name: 'x' }).set('idempotency-key', 'g').expect(201)
  const [first, second] = [await make(), await make()]
  expect(second.body.token).toBe(first.body.token)
  const row = await world.database.one<{ response: Buffer }>(
    `SELECT response FROM idempotency_key WHERE key = 'g'`,
  )
  expect(row?.response.includes(first.body.token)).toBe(false)
})

it.each(['', 'x'.repeat(201), 'two words'])('refuses the key %j', async (key) => {
  const before = await cohorts()
  expect((await create(key)).status).toBe(400)
  expect(await cohorts()).toBe(before)
})

it('a body nested too deep to be compared is refused like any other that is wrong', async () => {
  const answer = await instructor
    .call('post', '/cohorts')
    .set('content-type', 'application/json')
    .set('idempotency-key', 'deep')
    .send(`{"course": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  expect({ status: answer.status, code: answer.body.code }).toEqual({
    status: 422,
    code: 'validation_failed',
  })
})

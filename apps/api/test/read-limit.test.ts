import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readsPerMinute } from '../src/platform/read-limit.js'
import { REDIS } from '../src/platform/index.js'
import { World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await World.start()
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

it('people who read too often wait, and only they, and only with reading', async () => {
  const [busy, other] = [await world.addPerson(), await world.addPerson()]
  await busy.get('/me').expect(200)
  const redis = world.app.get(REDIS)
  const keys = await redis.keys(`cooperage:reads:*${busy.id}*`)
  expect(keys).toHaveLength(1)
  // As many as are allowed, without sending them all.
  await redis.incrby(keys[0] ?? '', readsPerMinute - 1)
  const refused = await busy.get('/me').expect(429)
  expect(refused.body).toMatchObject({ status: 429, code: 'too_many_requests' })
  expect(Number(refused.get('Retry-After'))).toBeGreaterThan(0)
  await other.get('/me').expect(200)
  await busy.patch('/me', { name: 'Busy' }).expect(200)
})

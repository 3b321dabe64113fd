import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { freePort, startTestRedis, type TestRedis } from '@cooperage/testing'
import { Redis } from 'ioredis'
import { setTimeout as delay } from 'node:timers/promises'
import { password, publicUrl, World } from './support/world.js'

let world: World
let port: number
let redis: TestRedis
beforeAll(async () => {
  port = await freePort()
  redis = await startTestRedis({ port })
  world = await World.start({}, { redis })
}, 60_000)
afterAll(async () => {
  // Back again, so that every connection can say goodbye.
  await using again = await startTestRedis({ port })
  const client = new Redis(again.url)
  const queues = ['name=cooperage-api-results', 'name=cooperage-api-events', 'name=cooperage:']
  for (let connected = ''; !queues.every((name) => connected.includes(name)); await delay(50))
    connected = String(await client.client('LIST'))
  client.disconnect()
  await world[Symbol.asyncDispose]()
})

it('without Redis people still sign in and read, and readiness says what is away', async () => {
  const person = await world.addPerson({ enrolled: 'learner' })
  await redis.stop()
  const cookie = await world.signIn(person.email)
  await world.http.get('/api/v1/courses/tiny').set('cookie', cookie).expect(200)
  await person.get('/courses/tiny/labs/greet').expect(200)
  await world.http
    .post('/api/v1/auth/login')
    .set('origin', publicUrl)
    .send({ email: person.email, password: `not ${password}` })
    .expect(401)
  const { body } = await world.http.get('/health/ready').expect(503)
  expect(body.dependencies).toMatchObject({ database: 'ok', redis: 'not reachable' })
  await world.http.get('/health/live').expect(200)
})

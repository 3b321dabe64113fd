import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { FailedPasswords, failuresPerPerson } from '../src/identity/failed-passwords.js'
import { World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await World.start()
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

it('somebody with a network of IPv6 guesses no more often than somebody with one address', async () => {
  const failures = world.app.get(FailedPasswords, { strict: false })
  const email = 'ada@example.org'
  for (let n = 1; n <= failuresPerPerson; n++) await failures.count(email, `2001:db8:1:2::${n}`)
  await expect(failures.refuseIfTooMany(email, '2001:db8:1:2::ffff')).rejects.toMatchObject({
    code: 'too_many_requests',
  })
  await failures.refuseIfTooMany(email, '2001:db8:1:3::1')
  await failures.refuseIfTooMany('grace@example.org', '2001:db8:1:2::1')
})

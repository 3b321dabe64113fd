import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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

describe('behind a proxy', () => {
  const wrong = (of: World, forwarded: string) =>
    of.http
      .post('/api/v1/auth/login')
      .set('x-forwarded-for', forwarded)
      .send({ email: 'ada@example.org', password: 'wrong' })
  const statuses = async (of: World, address: (n: number) => string) => {
    const last = failuresPerPerson + 1
    for (let n = 1; n < last; n++) await wrong(of, address(n))
    return (await wrong(of, address(last))).status
  }

  it('that is named, people are told apart by what it says last', async () => {
    await using behind = await World.start({ TRUSTED_PROXIES: '127.0.0.1, ::1' })
    expect(await statuses(behind, () => '203.0.113.1')).toBe(429)
    expect((await wrong(behind, '203.0.113.2')).status).toBe(401)
    // What the sender wrote in front of it is the sender's word.
    expect((await wrong(behind, '203.0.113.9, 203.0.113.1')).status).toBe(429)
  }, 60_000)

  it('that is not named, nobody is believed', async () => {
    await using direct = await World.start()
    expect(await statuses(direct, (n) => `203.0.113.${n}`)).toBe(429)
  }, 60_000)

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/8/8', 'true'])('%s is no address of one', async (list) => {
    await expect(World.start({ TRUSTED_PROXIES: list })).rejects.toThrow('TRUSTED_PROXIES')
  })
})

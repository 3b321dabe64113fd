import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cookieOf, password, publicUrl, World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await World.start()
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

const login = (body: object) => world.http.post('/api/v1/auth/login').set('origin', publicUrl).send(body)

describe('signing in', () => {
  it('gives a session cookie that scripts cannot read, and the person', async () => {
    const person = await world.addPerson({ email: 'ada@example.org', name: 'Ada' })
    const answer = await login({ email: ' ADA@example.org ', password }).expect(200)
    expect(answer.body).toEqual({
      user: { id: person.id, email: 'ada@example.org', name: 'Ada', role: 'learner' },
    })
    expect(answer.get('Set-Cookie')?.[0]).toMatch(/^cooperage_session=.{43}; .*HttpOnly; SameSite=Lax$/)
    const me = await world.http.get('/api/v1/me').set('cookie', cookieOf(answer)).expect(200)
    expect(me.body).toMatchObject({ email: 'ada@example.org', cohorts: [] })
  })
})

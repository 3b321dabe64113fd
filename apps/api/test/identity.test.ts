import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { failuresPerPerson } from '../src/identity/failed-passwords.js'
import { cookieOf, password, publicUrl, World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await World.start()
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

const post = (path: string, body?: object) =>
  world.http.post(`/api/v1${path}`).set('origin', publicUrl).send(body)
const me = (cookie: string) => world.http.get('/api/v1/me').set('cookie', cookie)

describe('signing in', () => {
  it('gives a session cookie that scripts cannot read, and the person', async () => {
    const person = await world.addPerson({ email: 'ada@example.org', name: 'Ada' })
    const answer = await post('/auth/login', { email: ' ADA@example.org ', password }).expect(200)
    expect(answer.body).toEqual({
      user: { id: person.id, email: 'ada@example.org', name: 'Ada', role: 'learner' },
    })
    expect(answer.get('Set-Cookie')?.[0]).toMatch(/^cooperage_session=.{43}; .*HttpOnly; SameSite=Lax$/)
    const own = await me(cookieOf(answer)).expect(200)
    expect(own.body).toMatchObject({ email: 'ada@example.org', cohorts: [] })
  })

  it('does not tell a wrong password from a person that is not there', async () => {
    const person = await world.addPerson()
    const wrong = await post('/auth/login', { email: person.email, password: 'wrong' }).expect(401)
    const nobody = await post('/auth/login', { email: 'nobody@example.org', password: 'wrong' }).expect(401)
    expect(wrong.body).toEqual({ ...nobody.body, requestId: wrong.body.requestId })
    expect(wrong.body.code).toBe('wrong_credentials')
    expect(wrong.get('Set-Cookie')).toBeUndefined()
  })

  it('stores neither the cookie nor the password', async () => {
    const person = await world.addPerson()
    const [, token = ''] = (await world.signIn(person.email)).split('=')
    const rows = await world.database.query<{ row: string }>(
      `SELECT s::text || u::text AS row FROM session s JOIN "user" u ON u.id = s.user_id WHERE u.id = $1`,
      [person.id],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.row).toContain('$argon2id$')
    expect(rows[0]?.row).not.toContain(token)
    expect(rows[0]?.row).not.toContain(password)
  })

  it('ends with signing out, and when it has expired', async () => {
    const person = await world.addPerson()
    const [first, second] = [await world.signIn(person.email), await world.signIn(person.email)]
    const out = await post('/auth/logout').set('cookie', first).expect(204)
    expect(out.get('Set-Cookie')?.[0]).toMatch(/^cooperage_session=;/)
    await me(first).expect(401)
    await me(second).expect(200)
    await world.database.query(
      `UPDATE session SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
      [person.id],
    )
    await me(second).expect(401)
  })

  it('is refused for a while after too many wrong passwords, and only for that person', async () => {
    const [guessed, other] = [await world.addPerson(), await world.addPerson()]
    for (let n = 1; n < failuresPerPerson; n++) {
      await post('/auth/login', { email: guessed.email, password: 'wrong' }).expect(401)
      await post('/auth/login', { email: other.email, password }).expect(200)
    }
    await post('/auth/login', { email: guessed.email, password: 'wrong' }).expect(429)
    const refused = await post('/auth/login', { email: guessed.email, password }).expect(429)
    expect(refused.body).toMatchObject({ code: 'too_many_requests', status: 429 })
    expect(Number(refused.get('Retry-After'))).toBeGreaterThan(0)
    await post('/auth/login', { email: other.email, password }).expect(200)
  })

  it('tells nothing to guesses that are sent all at once', async () => {
    const person = await world.addPerson()
    const guesses = Array.from({ length: 3 * failuresPerPerson }, (_, n) => `wrong ${n}`)
    const answers = await Promise.all(
      [...guesses].map((guess) => post('/auth/login', { email: person.email, password: guess })),
    )
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThan(failuresPerPerson)
    await post('/auth/login', { email: person.email, password }).expect(429)
  })
})

describe('the Origin check', () => {
  it.each(['https://evil.example', 'null', 'http://learn.test', 'http://learn.test:8080.evil.example'])(
    'refuses %s',
    async (origin) => {
      const person = await world.addPerson()
      const cookie = await world.signIn(person.email)
      const answer = await world.http
        .patch('/api/v1/me')
        .set({ cookie, origin })
        .send({ name: 'Mallory' })
        .expect(403)
      expect(answer.body.code).toBe('origin_refused')
      expect((await me(cookie)).body.name).not.toBe('Mallory')
    },
  )
  it.each([publicUrl, 'http://localhost:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:3000'])(
    'takes %s',
    async (origin) => {
      const person = await world.addPerson()
      const cookie = await world.signIn(person.email)
      await world.http.patch('/api/v1/me').set({ cookie, origin }).send({ name: 'Ada' }).expect(200)
    },
  )
  it('refuses what a browser says comes from another site, and takes a program, which says nothing', async () => {
    const person = await world.addPerson()
    const cookie = await world.signIn(person.email)
    const change = () => world.http.patch('/api/v1/me').set({ cookie }).send({ name: 'Ada' })
    await change().set('sec-fetch-site', 'cross-site').expect(403)
    await change().expect(200)
  })
  it('does not ask programs with a token', async () => {
    const person = await world.addPerson()
    await person.patch('/me', { name: 'Ada' }).set('origin', 'https://evil.example').expect(200)
  })
})

describe('changing oneself', () => {
  it('a new password ends the other sessions, not this one', async () => {
    const person = await world.addPerson()
    const [here, there] = [await world.signIn(person.email), await world.signIn(person.email)]
    const change = (current: string) =>
      world.http
        .patch('/api/v1/me')
        .set({ cookie: here, origin: publicUrl })
        .send({ password: { current, next: 'another long password' } })
    const refused = await change('not my password').expect(422)
    expect(refused.body.errors).toEqual([{ path: 'password.current', message: 'not the current password' }])
    await change(password).expect(200)
    await me(here).expect(200)
    await me(there).expect(401)
    await post('/auth/login', { email: person.email, password }).expect(401)
    await world.signIn(person.email, 'another long password')
  })
})

describe('API tokens', () => {
  it('are shown once, listed without their secret, and end when they are deleted', async () => {
    const person = await world.addPerson()
    const made = await person.post('/me/tokens', { name: 'script' }).expect(201)
    expect(made.get('Location')).toBe(`/api/v1/me/tokens/${made.body.id}`)
    const withToken = () => world.http.get('/api/v1/me').set('authorization', `Bearer ${made.body.token}`)
    await withToken().expect(200)
    const list = await person.get('/me/tokens').expect(200)
    const listed = list.body.items.find((item: { id: string }) => item.id === made.body.id)
    expect(listed).toMatchObject({ name: 'script', expiresAt: null, lastUsedAt: expect.stringMatching(/Z$/) })
    expect(JSON.stringify(list.body)).not.toContain(made.body.token)
    const other = await world.addPerson()
    await other.call('delete', `/me/tokens/${made.body.id}`).expect(404)
    await person.call('delete', `/me/tokens/${made.body.id}`).expect(204)
    await person.call('delete', `/me/tokens/${made.body.id}`).expect(404)
    await withToken().expect(401)
  })

  it('expire', async () => {
    const person = await world.addPerson()
    const expiresAt = new Date(Date.now() + 60_000).toISOString()
    const made = await person.post('/me/tokens', { name: 'script', expiresAt }).expect(201)
    await world.database.query(`UPDATE api_token SET expires_at = now() WHERE id = $1`, [made.body.id])
    await world.http.get('/api/v1/me').set('authorization', `Bearer ${made.body.token}`).expect(401)
    const past = await person
      .post('/me/tokens', { name: 'script', expiresAt: '2020-01-01T00:00:00Z' })
      .expect(422)
    expect(past.body.errors[0].path).toBe('expiresAt')
  })

  it('come in pages, the newest first', async () => {
    const person = await world.addPerson()
    const names = ['one', 'two', 'three', 'four']
    for (const name of names) await person.post('/me/tokens', { name }).expect(201)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = await person.get(`/me/tokens?limit=2${query}`).expect(200)
      expect(page.body.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.body.items.map((item: { name: string }) => item.name))
      cursor = page.body.nextCursor
    }
    expect(seen).toEqual(['four', 'three', 'two', 'one', 'test'])
    await person.get('/me/tokens?cursor=nonsense').expect(422)
  })
})

describe('inviting', () => {
  const invite = async (email: string) => {
    const admin = await world.addPerson({ role: 'admin' })
    const made = await admin.post('/users', { email, name: 'Bo', role: 'instructor' }).expect(201)
    const token = /^http:\/\/learn\.test:8080\/invitations\/(.+)$/.exec(made.body.invitationUrl)?.[1] ?? ''
    return { id: made.body.id as string, token, admin }
  }
  const accept = (token: string) =>
    post(`/invitations/${token}`, { name: 'Bo Li', password: 'a password of mine' })

  it('lets a person choose a name and a password, once', async () => {
    const { id, token } = await invite('bo@example.org')
    await post('/auth/login', { email: 'bo@example.org', password: 'a password of mine' }).expect(401)
    const answer = await accept(token).expect(200)
    expect(answer.body.user).toEqual({ id, email: 'bo@example.org', name: 'Bo Li', role: 'instructor' })
    await me(cookieOf(answer)).expect(200)
    expect((await accept(token).expect(410)).body.code).toBe('gone')
    await world.signIn('bo@example.org', 'a password of mine')
  })

  it('ends after a while, and an unknown link is none', async () => {
    const { id, token } = await invite('late@example.org')
    await world.database.query('UPDATE invitation SET expires_at = now() WHERE user_id = $1', [id])
    await accept(token).expect(410)
    await accept('nonsense').expect(404)
  })

  it('takes an e-mail once, and notes who invited', async () => {
    const { id, admin } = await invite('twice@example.org')
    const again = await admin
      .post('/users', { email: 'TWICE@example.org', name: 'X', role: 'learner' })
      .expect(409)
    expect(again.body.errors).toEqual([{ path: 'email', message: 'is taken' }])
    const noted = await world.database.query(
      'SELECT 1 FROM audit_event WHERE actor_id = $1 AND subject = $2',
      [admin.id, `user:${id}`],
    )
    expect(noted).toHaveLength(1)
  })
})

/** What someone who is nobody here can do to the server before it knows them, whatever way they write an address. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { apiPrefix } from '@cooperage/contracts'
import { password, World, type Person } from './support/world.js'

let world: World
let member: Person
beforeAll(async () => {
  world = await World.start()
  member = await world.addPerson({ enrolled: 'learner' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

const port = () => (world.app.getHttpServer().address() as { port: number }).port

/** The first bytes of the answer to a request of which no more than this is ever sent, or nothing. */
async function answerTo(head: string[]): Promise<string> {
  const socket = connect(port(), '127.0.0.1')
  await once(socket, 'connect')
  socket.write([...head, '', ''].join('\r\n'))
  const answer = once(socket, 'data').then(([bytes]) => String(bytes))
  const first = await Promise.race([answer, pause(3_000, '', { ref: false })])
  socket.destroy()
  return first
}

describe('the Origin check', () => {
  const encoded = apiPrefix.replace('a', '%61')
  it.each([
    ['as it is', `${apiPrefix}/auth/login`],
    ['percent-encoded', `${encoded}/auth/login`],
    ['absolute', `http://learn.test${apiPrefix}/auth/login`],
  ])('holds at an address written %s', async (_, target) => {
    const body = JSON.stringify({ email: member.email, password })
    const answer = await answerTo([
      `POST ${target} HTTP/1.1`,
      'Host: learn.test',
      'Origin: https://evil.example',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body,
    ])
    expect(answer.split('\r\n', 1)[0]).toBe('HTTP/1.1 403 Forbidden')
    expect(answer).not.toMatch(/set-cookie/i)
  })
})

describe('a body', () => {
  it('of a stranger is not waited for where somebody must be signed in', async () => {
    const answer = await answerTo([
      `POST ${apiPrefix}/cohorts/${world.cohort}/labs/greet/submissions HTTP/1.1`,
      'Host: learn.test',
      'Content-Type: application/json',
      'Content-Length: 8000000',
    ])
    expect(answer.split('\r\n', 1)[0]).toBe('HTTP/1.1 401 Unauthorized')
  })

  it('has to arrive within minutes', () => {
    const { requestTimeout } = world.app.getHttpServer() as { requestTimeout: number }
    expect(requestTimeout).toBeGreaterThan(0)
    expect(requestTimeout).toBeLessThanOrEqual(300_000)
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { call, urlOf } from './client.js'
import { ApiProblem } from './problem.js'

describe('the address of a route', () => {
  it('encodes parameters and leaves out what is not given', () => {
    expect(urlOf('listMembers', { params: { cohort: 'a/b' }, query: { limit: 5, cursor: undefined } })).toBe(
      '/api/v1/cohorts/a%2Fb/members?limit=5',
    )
  })
})

describe('a call', () => {
  let server: Server | undefined
  const browserFetch = globalThis.fetch
  afterEach(() => {
    globalThis.fetch = browserFetch
    server?.close()
  })

  /** A browser resolves an address against its page; here, against a server that gives one answer. */
  async function answering(status: number, body: string, headers: Record<string, string> = {}) {
    server = createServer((_request, response) => response.writeHead(status, headers).end(body))
    await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    globalThis.fetch = (input, init) => browserFetch(new URL(String(input), base), init)
  }
  const refused = async () => {
    try {
      await call('joinCohort', { body: { code: 'ABCD' } })
    } catch (error) {
      if (error instanceof ApiProblem) return error
    }
    throw new Error('the call was not refused')
  }

  it('gives the parsed answer', async () => {
    const cohortId = '01890a5d-ac96-774b-bcce-b302099a8057'
    await answering(200, JSON.stringify({ cohortId }))
    expect(await call('joinCohort', { body: { code: 'ABCD' } })).toEqual({ cohortId })
  })

  it('throws the problem, with its fields and when to try again', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Too many requests',
      status: 429,
      detail: 'Wait.',
      code: 'too_many_requests',
      requestId: 'r1',
      errors: [{ path: 'code', message: 'no such code' }],
    }
    await answering(429, JSON.stringify(problem), { 'retry-after': '30' })
    const error = await refused()
    expect(error).toMatchObject({ code: 'too_many_requests', detail: 'Wait.', retryAfterSeconds: 30 })
    expect(error.field('code')).toBe('no such code')
    expect(error.temporary).toBe(false)
  })

  it('makes a problem of what a proxy answers', async () => {
    await answering(502, '<html>Bad gateway</html>')
    expect(await refused()).toMatchObject({ status: 502, code: 'unavailable', temporary: true })
  })

  it('says so when the answer is not that of the contract', async () => {
    await answering(200, JSON.stringify({ cohort: 'x' }))
    expect(await refused()).toMatchObject({ code: 'not_understood' })
  })

  it('says so when nobody answers', async () => {
    await answering(200, '')
    await new Promise((closed) => server?.close(closed))
    expect(await refused()).toMatchObject({ code: 'unreachable', temporary: true })
  })
})

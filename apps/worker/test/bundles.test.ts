import { createServer, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BundleRefused, Bundles } from '../src/bundles.js'
import { Secret } from '../src/configuration.js'
import { ApiAway, InternalApi } from '../src/internal-api.js'

const revision = 'a'.repeat(64)
const bundle = {
  revision,
  course: 'c',
  lab: 'l',
  imageTag: 'i:1',
  spec: {
    title: 't',
    summary: 's',
    difficulty: 'intro',
    minutes: 1,
    mode: 'files',
    files: ['a'],
    environment: { image: 'shell' },
    checks: [{ id: 'x', title: 'x', exec: { run: ['true'] } }],
  },
  starter: [],
  checks: [],
}

describe('bundles of labs', () => {
  let server: Server
  let bundles: Bundles
  let requests = 0
  let answer: RequestListener = () => undefined
  const answering = (status: number, body: unknown) => {
    answer = (_, response) => response.writeHead(status).end(JSON.stringify(body))
  }
  beforeEach(async () => {
    requests = 0
    server = createServer((request, response) => {
      requests += 1
      answer(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    bundles = new Bundles(new InternalApi(`http://127.0.0.1:${address.port}`, new Secret('the-token')))
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  test('are asked for once, with the token, however many want one', async () => {
    answer = (request, response) => {
      const right =
        request.url === `/api/v1/internal/labs/${revision}/bundle` &&
        request.headers.authorization === 'Bearer the-token'
      response.writeHead(right ? 200 : 400).end(JSON.stringify(bundle))
    }
    const [first, second] = await Promise.all([bundles.get(revision), bundles.get(revision)])
    expect(first).toBe(second)
    expect(await bundles.get(revision)).toBe(first)
    expect(first.spec.timeoutSeconds).toBe(60)
    expect(requests).toBe(1)
  })

  test.each([
    ['an API that is not well', 503, {}, ApiAway],
    ['no such lab', 404, {}, BundleRefused],
    ['a token that is wrong', 401, {}, BundleRefused],
    ['what is no bundle', 200, { ...bundle, extra: 1 }, BundleRefused],
    ['another lab’s bundle', 200, { ...bundle, revision: 'b'.repeat(64) }, BundleRefused],
  ])('%s', async (_, status, body, error) => {
    answering(status, body)
    await expect(bundles.get(revision)).rejects.toThrow(error)
    answering(200, bundle)
    expect((await bundles.get(revision)).revision).toBe(revision)
  })

  test('an API that is not there', async () => {
    server.close()
    server.closeAllConnections()
    await expect(bundles.get(revision)).rejects.toThrow(ApiAway)
  })
})

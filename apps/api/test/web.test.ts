import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { World } from './support/world.js'

let world: World
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cooperage-web-'))
  await mkdir(join(root, 'assets'))
  await writeFile(join(root, 'index.html'), '<title>The page</title>')
  await writeFile(join(root, 'assets/main-abc.js'), 'export {}')
  await writeFile(join(root, 'robots.txt'), 'User-agent: *')
  world = await World.start({ WEB_ROOT: root })
}, 60_000)
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(root, { recursive: true })
})

describe('the page', () => {
  it.each(['/', '/sign-in', '/cohorts/x/progress', '/courses/docker?tab=labs'])(
    'is at %s, and asked for again each time',
    async (path) => {
      const answer = await world.http.get(path).expect(200)
      expect(answer.text).toContain('The page')
      expect(answer.get('Cache-Control')).toBe('no-cache')
      expect(answer.get('Content-Security-Policy')).toContain("default-src 'self'")
    },
  )
  it('has files that may be kept for ever, and others', async () => {
    const script = await world.http.get('/assets/main-abc.js').expect(200)
    expect(script.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    expect(script.get('Content-Type')).toMatch(/javascript/)
    expect((await world.http.get('/robots.txt').expect(200)).get('Cache-Control')).toBe('no-cache')
    await world.http.head('/').expect(200)
  })
  it.each([
    '/assets/gone.js',
    '/favicon.ico',
    '/api',
    '/api/v1/unknown',
    '/health',
    '/internal/x',
    '/..%2f..%2fetc/passwd.txt',
  ])('is not at %s', async (path) => {
    const answer = await world.http.get(path).expect(404)
    expect(answer.body.code).toBe('not_found')
    expect(answer.get('Cache-Control')).toBe('no-store')
  })
})

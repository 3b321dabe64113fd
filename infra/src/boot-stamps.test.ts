import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildStamp, dependencyStamp, findRooms } from '../boot/stamps.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'stamps-'))
  room('packages/contracts', { name: '@x/contracts', scripts: { build: 'swc src' } })
  room('apps/worker', {
    name: '@x/worker',
    scripts: { build: 'swc src' },
    dependencies: { '@x/contracts': 'workspace:*' },
  })
  room('apps/web', {
    name: '@x/web',
    scripts: { build: 'vite build' },
    dependencies: { '@x/contracts': 'workspace:*' },
  })
  write('pnpm-lock.yaml', 'lock')
})
afterEach(() => rmSync(root, { recursive: true }))

function room(folder: string, manifest: object): void {
  write(`${folder}/package.json`, JSON.stringify(manifest))
  write(`${folder}/src/index.ts`, 'export {}')
}

function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), content)
}

/** The names of the rooms whose stamp the change alters. */
function rebuiltAfter(change: () => void): string[] {
  const stamps = () => {
    const rooms = findRooms(root)
    return new Map(rooms.map((each) => [each.name, buildStamp(root, each, rooms)]))
  }
  const before = stamps()
  change()
  const after = stamps()
  return [...after].filter(([name, stamp]) => before.get(name) !== stamp).map(([name]) => name)
}

test('a room is built again for its own sources, and a bundle for those in it', () => {
  expect(rebuiltAfter(() => write('packages/contracts/src/index.ts', 'export const a = 1'))).toEqual([
    '@x/web',
    '@x/contracts',
  ])
  expect(rebuiltAfter(() => write('apps/worker/src/more.ts', 'export {}'))).toEqual(['@x/worker'])
  expect(rebuiltAfter(() => rmSync(path.join(root, 'apps/worker/src/more.ts')))).toEqual(['@x/worker'])
})

test('tests and what was built count for nothing', () => {
  const change = () => {
    write('apps/worker/src/index.test.ts', 'test()')
    write('apps/worker/dist/index.js', 'built')
    write('apps/worker/test/a.test.ts', 'test()')
  }
  expect(rebuiltAfter(change)).toEqual([])
})

test('the build settings count for all', () => {
  expect(rebuiltAfter(() => write('.swcrc', '{}'))).toHaveLength(3)
})

test('dependencies are installed again when the lockfile or a manifest changes', () => {
  const stamp = () => dependencyStamp(root, findRooms(root))
  const first = stamp()
  expect(stamp()).toBe(first)
  write('pnpm-lock.yaml', 'another lock')
  const second = stamp()
  expect(second).not.toBe(first)
  room('apps/web', { name: '@x/web' })
  expect(stamp()).not.toBe(second)
})

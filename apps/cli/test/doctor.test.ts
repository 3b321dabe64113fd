/** `cooperage doctor` against engines as they should be, and as they should not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { SelfTestReport } from '@cooperage/contracts'
import { startTestEngine, weakenEngine, type CreateBody, type TestEngine } from '@cooperage/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { doctor } from '../src/doctor.js'

jest.setTimeout(240_000)

let said: string[]
const { DOCKER_HOST } = process.env
beforeEach(() => {
  said = []
  const listen = (text: unknown) => void said.push(String(text))
  jest.spyOn(console, 'log').mockImplementation(listen)
  jest.spyOn(console, 'error').mockImplementation(listen)
  delete process.env.DOCKER_HOST
})
afterEach(() => {
  jest.restoreAllMocks()
  if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST
})

/** Exit code and report. */
async function examine(...args: string[]): Promise<{ code: number; report: SelfTestReport }> {
  const code = await doctor.run([...args, '--json'])
  return { code, report: SelfTestReport.parse(JSON.parse(said.at(-1) ?? '')) }
}
const failing = ({ rows }: SelfTestReport) =>
  rows.filter(({ matters, verdict }) => matters && verdict !== 'held').map(({ id }) => id)

describe('an engine that has all its fences', () => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await startTestEngine()
  }, 60_000)
  afterAll(() => engine.stop(), 60_000)

  test('is told row by row, and labs may run', async () => {
    const code = await doctor.run(['--engine', engine.dockerHost])
    expect([code, said.at(-1)]).toEqual([0, expect.stringMatching(/\d\d held, .*; labs may run\.$/)])
    const text = said.join('\n')
    expect(text).toMatch(/^✔ held +Being root of the container/m)
    expect(text).toMatch(/^[+-] .*gVisor/m)
  })

  test('is named by DOCKER_HOST too; the quick part is a part', async () => {
    process.env.DOCKER_HOST = engine.dockerHost
    const { code, report } = await examine('--quick')
    expect([code, report.scope, failing(report)]).toEqual([0, 'quick', []])
    expect(report.rows.map(({ id }) => id)).not.toContain('slow-neighbour')
  })

  test('and a runtime that it lacks is no host that fails, but nothing to test', async () => {
    expect(await doctor.run(['--engine', engine.dockerHost, '--runtime', 'nowhere'])).toBe(2)
    expect(said.at(-1)).toMatch(/cannot be tested: .*nowhere/)
  })

  // Nothing weak runs on an engine that is not the test's own.
  const own = process.env.COOPERAGE_TEST_DOCKER_HOST === undefined ? test : test.skip

  own.each<[string, string, (host: CreateBody['HostConfig']) => void]>([
    [
      'seccomp',
      'system-calls',
      (host) => (host.SecurityOpt = [...options(host, 'seccomp'), 'seccomp=unconfined']),
    ],
    [
      'no-new-privileges',
      'no-new-privileges',
      (host) => (host.SecurityOpt = options(host, 'no-new-privileges')),
    ],
    [
      'a memory limit',
      'memory-bomb',
      (host) => Object.assign(host, { Memory: 0, MemorySwap: 0, MemorySwappiness: undefined }),
    ],
    ['a pids limit', 'fork-bomb', (host) => (host.PidsLimit = 0)],
  ])('without %s it fails at %s', async (_, row, change) => {
    await using weak = await weakenEngine(engine, ({ HostConfig }) => change(HostConfig))
    const { code, report } = await examine('--engine', weak.dockerHost, '--quick')
    expect(code).toBe(1)
    // Broken, not untried: it was carried out, and got through.
    expect(report.rows.find(({ id }) => id === row)?.verdict).toBe('broken')
  })
})

const own = process.env.COOPERAGE_TEST_DOCKER_HOST === undefined ? describe : describe.skip
own('an engine without user namespaces', () => {
  test('fails, and says what is to be done', async () => {
    await using engine = await startTestEngine({ userNamespaces: false })
    expect(await doctor.run(['--engine', engine.dockerHost])).toBe(1)
    const text = said.join('\n')
    expect(text).toMatch(/^✖ BROKEN +Being root of the container/m)
    expect(text).toContain('"userns-remap": "default"')
    expect(said.at(-1)).toMatch(/labs stay off .*: host-root$/)
  })
})

describe('without an engine', () => {
  test('it says what to do', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'coo-doctor-'))
    expect(await doctor.run(['--data', empty])).toBe(2)
    expect(said.join()).toMatch(/no engine to test.*npm start.*--engine/)
    await rm(empty, { recursive: true })
  })
  test('that answers it says so', async () => {
    expect(await doctor.run(['--engine', 'unix:///nowhere/docker.sock'])).toBe(2)
    expect(said.join()).toContain('unix:///nowhere/docker.sock cannot be tested')
  })
  test.each([[['--unknown']], [['here']]])('and with %j it is wrong usage', async (args) => {
    await expect(doctor.run(args)).rejects.toThrow()
  })
})

/** The security options but the one of this name. */
const options = (host: CreateBody['HostConfig'], name: string) =>
  (host.SecurityOpt as string[]).filter((option) => !option.startsWith(name))

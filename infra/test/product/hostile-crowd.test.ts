import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { routes, type Submission } from '@cooperage/contracts'
import { ApiClient, startProduct, type RunningProduct } from '@cooperage/testing'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { kinds } from './hostile-kinds.js'

/** A hundred hostile submissions among a hundred honest ones, by twenty learners: no honest one pays for it, and nothing stays. */
const course = join(import.meta.dirname, 'attacked-course')
const solution = join(course, 'modules/attacked/labs/greeter/solution')
const LEARNERS = 20
const EACH = 100

let product: RunningProduct
let data: string
let admin: ApiClient
let cohort: string
let learners: ApiClient[]

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'cooperage-crowd-'))
  product = await startProduct({ data, args: ['--course', course], env: { DOCKER_HOST: undefined } })
  admin = await product.as('admin')
  const created = await admin.call(routes.createCohort, { body: { course: 'attacked', name: 'Crowd' } })
  cohort = created.id
  learners = await Promise.all(Array.from({ length: LEARNERS }, (_, n) => enrol(n, created.joinCode)))
}, 600_000)
afterAll(async () => {
  expect(await product?.stop()).toBe(0)
  await rm(data, { recursive: true, force: true })
}, 120_000)

async function enrol(n: number, code: string): Promise<ApiClient> {
  const [email, password] = [`crowd-${n}@example.org`, randomBytes(12).toString('hex')]
  await admin.call(routes.createUser, { body: { email, name: `Learner ${n}`, role: 'learner', password } })
  const learner = await new ApiClient(product.baseUrl).signIn(email, password)
  await learner.call(routes.joinCohort, { body: { code } })
  return learner
}

interface Sent {
  readonly name: string
  readonly files: readonly { path: string; content: string }[]
  /** Just these checks fail. */
  readonly fails?: readonly string[]
  /** No other check passes. */
  readonly deserves?: readonly string[]
}

async function honest(): Promise<Sent[]> {
  const run = await readFile(join(solution, 'run'), 'utf8')
  const word = { path: 'work/word', content: await readFile(join(solution, 'work/word'), 'utf8') }
  return [
    { name: 'right', files: [{ path: 'run', content: run }, word], fails: [] },
    { name: 'right', files: [{ path: 'run', content: run }, word], fails: [] },
    { name: 'rude', files: [{ path: 'run', content: run.replace('Hello', 'Hey') }, word], fails: ['greets'] },
    {
      name: 'without the word',
      files: [
        { path: 'run', content: run },
        { ...word, content: 'betula' },
      ],
      fails: ['sealed'],
    },
    {
      name: 'in error',
      files: [{ path: 'run', content: '#!/bin/bash\nexit 3\n' }, word],
      fails: ['greets', 'reports'],
    },
  ]
}

const hostile = (): Sent[] =>
  kinds.map(({ name, run, deserves = ['kept'] }) => ({
    name,
    files: [{ path: 'run', content: run }],
    deserves,
  }))

/** Mixed, the same each time. */
function shuffled<T>(items: readonly T[]): T[] {
  let state = 20261124
  const next = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
const times = <T>(items: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, at) => items[at % items.length] as T)

const secrets = () =>
  JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as { installationId: string }
const pidOf = (service: string) =>
  (JSON.parse(readFileSync(join(data, 'run', `${service}.json`), 'utf8')) as { pid: number }).pid

function engine<T>(path: string): Promise<T> {
  const socketPath = join('/run', `cooperage-${secrets().installationId}`, 'docker.sock')
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(JSON.parse(text) as T))
    })
      .on('error', reject)
      .end()
  })
}

/** What is there of containers: all of them wait for files, and nothing else is in the engine's cgroup or mounted for it. */
async function leftovers(): Promise<string[]> {
  const containers = await engine<{ Id: string; State: string }[]>('/containers/json?all=1')
  const found: string[] = []
  const known = new Set<string>()
  for (const { Id, State } of containers) {
    const { Processes } = await engine<{ Processes?: string[][] }>(
      `/containers/${Id}/top?ps_args=-o%20pid,args`,
    )
    if (State !== 'running' || !Processes) found.push(`${State} container ${Id}`)
    for (const [pid = '', ...args] of Processes ?? []) {
      known.add(pid)
      if (!/^(tar |\/usr\/lib\/cooperage\/init |\/bin\/sh )/.test(args.join(' ')))
        found.push(`process ${args.join(' ')}`)
    }
  }
  const group = `cooperage-${secrets().installationId}`
  for (const top of ['', ...readdirSync('/sys/fs/cgroup')]) {
    for (const pid of processesBelow(join('/sys/fs/cgroup', top, group)))
      if (!known.has(pid)) found.push(`process ${pid} of no container`)
  }
  const { DockerRootDir } = await engine<{ DockerRootDir: string }>('/info')
  const layers = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('overlay ') && line.includes(`${DockerRootDir}/`))
  if (layers.length > containers.length)
    found.push(`${layers.length} mounts of ${containers.length} containers`)
  return found
}

function processesBelow(group: string): string[] {
  try {
    const entries = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const own = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
    return [...own, ...entries.flatMap((entry) => processesBelow(join(group, entry.name)))]
  } catch {
    return []
  }
}

/** Asks both health routes all the time, until it is told to stop. */
async function watchHealth(stop: AbortSignal): Promise<{ status: number; ms: number }[]> {
  const answers: { status: number; ms: number }[] = []
  while (!stop.aborted) {
    for (const route of ['ready', 'live']) {
      const began = performance.now()
      const response = await fetch(`${product.baseUrl}/health/${route}`)
      await response.arrayBuffer()
      answers.push({ status: response.status, ms: performance.now() - began })
    }
    await pause(100)
  }
  return answers
}
const quantile = (sorted: readonly number[], part: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)

it('grades every honest submission right, ends every hostile one, stays well and leaves nothing behind', async () => {
  const pids = [pidOf('api'), pidOf('worker')]
  const all = shuffled([...times(await honest(), EACH), ...times(hostile(), EACH)])
  const stop = new AbortController()
  const health = watchHealth(stop.signal)
  const began = performance.now()
  // Each learner sends one after the other, as people do, and all of them at the same time.
  const sent: (Sent & { id: string })[] = []
  await Promise.all(
    learners.map(async (learner, n) => {
      for (const one of all.filter((_, at) => at % LEARNERS === n)) {
        const body = { files: [...one.files] }
        const { id } = await learner.call(routes.submit, { params: { cohort, lab: 'greeter' }, body })
        sent.push({ ...one, id })
      }
    }),
  )
  const verdicts = await allVerdicts(sent.map(({ id }) => id))
  const seconds = Math.round((performance.now() - began) / 1000)
  stop.abort()
  const answers = await health
  const latencies = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  const [p50, p95, max] = [0.5, 0.95, 1].map((part) => quantile(latencies, part))
  process.stderr.write(
    `hostile crowd: ${sent.length} submissions in ${seconds} s; health ${answers.length} answers, p50 ${p50} ms, p95 ${p95} ms, max ${max} ms\n`,
  )

  const wrong = sent.flatMap((one) => {
    const verdict = verdicts.get(one.id)!
    const by = (status: string) =>
      verdict.checks.filter((check) => check.status === status).map(({ id }) => id)
    const problems = [
      verdict.status === 'graded' ? '' : `ended as ${verdict.status}`,
      one.fails && by('failed').join() !== one.fails.join() ? `failed ${by('failed').join()}` : '',
      one.deserves && by('passed').some((id) => !one.deserves!.includes(id))
        ? `passed ${by('passed').join()}`
        : '',
      verdict.checks.some((check) => check.status !== 'passed' && !check.message)
        ? 'a check without a reason'
        : '',
    ].filter(Boolean)
    return problems.map((problem) => `${one.name}: ${problem}`)
  })
  expect(wrong).toEqual([])
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  await expectNothingLeft()
  expect([pidOf('api'), pidOf('worker')]).toEqual(pids)
}, 600_000)

/** As staff sees them. */
async function allVerdicts(ids: readonly string[]): Promise<Map<string, Submission>> {
  const over = new Map<string, Submission>()
  const deadline = Date.now() + 400_000
  while (over.size < ids.length) {
    for (const id of ids.filter((each) => !over.has(each))) {
      const submission = await admin.call(routes.getSubmission, { params: { submission: id } })
      // They end roughly in the order in which they were sent.
      if (['queued', 'running'].includes(submission.status)) break
      over.set(id, submission)
    }
    if (Date.now() > deadline) throw new Error(`only ${over.size} of ${ids.length} have ended`)
    await pause(250)
  }
  return over
}

async function expectNothingLeft(): Promise<void> {
  const deadline = Date.now() + 30_000
  while ((await leftovers()).length > 0 && Date.now() < deadline) await pause(250)
  expect(await leftovers()).toEqual([])
}

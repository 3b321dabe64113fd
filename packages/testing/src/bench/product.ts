/** The whole product for a benchmark: as `npm start` gives it, with as many learners as are needed. */
import { routes, type Submission } from '@cooperage/contracts'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ApiClient } from '../api-client.js'
import { startProduct, type RunningProduct } from '../launcher.js'

export const repository = resolve(import.meta.dirname, '../../../..')
/** A lab with one exec check, so that a grading is one command. */
export const lab = 'first-check'
export const argv = ['bash', 'hello.sh']
export const solution = readFileSync(
  join(repository, 'packages/course-docker/modules/fundamentals/labs', lab, 'solution/hello.sh'),
  'utf8',
)

export interface BenchProduct extends AsyncDisposable {
  readonly product: RunningProduct
  /** The data folder. */
  readonly data: string
  /** The private engine's socket. */
  readonly socket: string
  /** A pid of one of its services, as in `worker`. */
  pid(service: string): number
}

export async function startBench(env: Record<string, string> = {}): Promise<BenchProduct> {
  const data = await mkdtemp(join(tmpdir(), 'cooperage-bench-'))
  const product = await startProduct({ data, env: { DOCKER_HOST: undefined, ...env } })
  const read = (path: string) => JSON.parse(readFileSync(join(data, path), 'utf8')) as Record<string, unknown>
  return {
    product,
    data,
    socket: `/run/cooperage-${String(read('secrets.json').installationId)}/docker.sock`,
    pid: (service) => Number(read(`run/${service}.json`).pid),
    async [Symbol.asyncDispose]() {
      await product.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** New learners of the demonstration cohort, signed in. */
export async function enrol(product: RunningProduct, count: number): Promise<ApiClient[]> {
  const admin = await product.as('admin')
  const password = randomBytes(12).toString('hex')
  const learners: ApiClient[] = []
  for (let n = 0; n < count; n++) {
    const email = `learner-${n}-${randomBytes(3).toString('hex')}@example.org`
    await admin.call(routes.createUser, { body: { email, name: `Learner ${n}`, role: 'learner', password } })
    const learner = await new ApiClient(product.baseUrl).signIn(email, password)
    await learner.call(routes.joinCohort, { body: { code: product.demo.joinCode } })
    learners.push(learner)
  }
  return learners
}

export async function submit(learner: ApiClient, cohort: string): Promise<string> {
  const body = { files: [{ path: 'hello.sh', content: solution }] }
  return (await learner.call(routes.submit, { params: { cohort, lab }, body })).id
}

/** Waits for the verdict by the events that a page listens to. */
export async function verdictOf(learner: ApiClient, submission: string): Promise<Submission> {
  for await (const { event, data } of learner.events(submission))
    if (event === 'verdict') return data as Submission
  throw new Error('the events ended without a verdict')
}

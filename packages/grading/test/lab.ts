/** What the tests of this room share: an engine with the shell image, and labs made on the spot. */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { LabBundle, type CheckReport } from '@cooperage/contracts'
import { recipeHash } from '@cooperage/course'
import { labImageTag } from '@cooperage/domain'
import { buildLabImage, openEngine, type LabEngine } from '@cooperage/sandbox'
import { startTestEngine, type TestEngine } from '@cooperage/testing'
import { gradeSubmission, type GradingOutcome, type TakePod } from '../src/index.js'

const root = new URL('../../../', import.meta.url)
const recipe = fileURLToPath(new URL('docker/labs/shell', root))
const cache = fileURLToPath(new URL('.cooperage/cache/lab-images', root))

interface LabOverrides {
  /** Of `lab.yaml`. */
  checks: readonly object[]
  limits?: object
  timeoutSeconds?: number
  files?: readonly string[]
  starter?: Record<string, string>
  /** By name below `checks/`. */
  scripts?: Record<string, string>
  submitted?: Record<string, string | Uint8Array>
}
export interface Graded {
  outcome: GradingOutcome
  /** Status by check. */
  verdicts: Record<string, string>
  report(id: string): CheckReport
  progress: { stage: string; checks: CheckReport[] }[]
  /** Containers that were started for it. */
  pods: { learner: number; grader: number }
}

export interface GradingLab extends AsyncDisposable {
  host: TestEngine
  engine: LabEngine
  grade(lab: LabOverrides, options?: { signal?: AbortSignal; takePod?: TakePod }): Promise<Graded>
}

export async function openGradingLab(): Promise<GradingLab> {
  const host = await startTestEngine()
  try {
    const image = labImageTag('shell', await recipeHash(recipe))
    await buildLabImage({ dockerHost: host.dockerHost, dir: recipe, tag: image, cacheDir: cache })
    const engine = await openEngine({
      dockerHost: host.dockerHost,
      installation: `test-${randomBytes(6).toString('hex')}`,
    })
    return {
      host,
      engine,
      grade: (lab, options = {}) => grade(engine, bundleOf(lab, image), lab.submitted ?? {}, options),
      async [Symbol.asyncDispose]() {
        await engine.removeAll().catch(() => 0)
        await engine[Symbol.asyncDispose]()
        await host.stop()
      },
    }
  } catch (error) {
    await host.stop()
    throw error
  }
}

async function grade(
  engine: LabEngine,
  bundle: LabBundle,
  submitted: Record<string, string | Uint8Array>,
  options: { signal?: AbortSignal; takePod?: TakePod },
): Promise<Graded> {
  const progress: Graded['progress'] = []
  const pods = { learner: 0, grader: 0 }
  const fromEngine: TakePod = (request) => engine.start({ ...request, owner: { worker: 'w', pod: 'p' } })
  const outcome = await gradeSubmission({
    takePod: (request) => {
      pods[request.role] += 1
      return (options.takePod ?? fromEngine)(request)
    },
    bundle,
    files: bundleFiles(submitted),
    onProgress: (step) => progress.push(step),
    signal: options.signal ?? new AbortController().signal,
  })
  return {
    outcome,
    verdicts: Object.fromEntries(outcome.checks.map(({ id, status }) => [id, status])),
    report: (id) => {
      const report = outcome.checks.find((check) => check.id === id)
      if (!report) throw new Error(`no report of ${id} in ${JSON.stringify(outcome)}`)
      return report
    },
    progress,
    pods,
  }
}

function bundleOf(lab: LabOverrides, image: string): LabBundle {
  return LabBundle.parse({
    revision: '0'.repeat(64),
    course: 'tests',
    lab: 'a-lab',
    imageTag: image,
    spec: {
      title: 'A lab',
      summary: 'Of a test.',
      difficulty: 'intro',
      minutes: 1,
      mode: 'files',
      files: lab.files ?? ['run', 'work/**'],
      environment: { image: 'shell', limits: { cpus: 1, ...lab.limits } },
      timeoutSeconds: lab.timeoutSeconds ?? 60,
      checks: lab.checks.map((check) => ({ title: 'A check', ...check })),
    },
    starter: bundleFiles(lab.starter ?? {}),
    checks: bundleFiles(
      Object.fromEntries(Object.entries(lab.scripts ?? {}).map(([name, text]) => [`checks/${name}`, text])),
    ),
  })
}

const bundleFiles = (files: Record<string, string | Uint8Array>) =>
  Object.entries(files).map(([path, content]) => ({ path, base64: Buffer.from(content).toString('base64') }))

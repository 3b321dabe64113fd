/** What the tests of this room share: an engine with the lab image, and containers with something in them. */
import { recipeHash } from '@cooperage/course'
import { labImageTag } from '@cooperage/domain'
import { startTestEngine, type TestEngine } from '@cooperage/testing'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  buildLabImage,
  findGvisor,
  openEngine,
  type Command,
  type ContainerFile,
  type ContainerSpec,
  type EngineRuntime,
  type LabEngine,
  type ReadyContainer,
  type RunOutcome,
} from '../src/index.js'

const ROOT = new URL('../../../', import.meta.url)
const SHELL = fileURLToPath(new URL('docker/labs/shell', ROOT))
/** Shared by all tests of a checkout: the image is made once. */
const CACHE = fileURLToPath(new URL('.cooperage/cache/lab-images', ROOT))

export interface Lab extends AsyncDisposable {
  readonly host: TestEngine
  readonly engine: LabEngine
  readonly image: string
  readonly installation: string
  spec(overrides?: SpecOverrides): ContainerSpec
  /** A container with these files in it. */
  ready(files?: readonly ContainerFile[], overrides?: SpecOverrides): Promise<ReadyContainer>
}

interface SpecOverrides {
  role?: ContainerSpec['role']
  limits?: Partial<ContainerSpec['limits']>
  owner?: Partial<ContainerSpec['owner']>
}

/** Why the tests' engines have no gVisor, which is printed; undefined when they have it. */
export async function gvisorMissing(): Promise<string | undefined> {
  const missing = await lookForGvisor()
  // Not through the console: what that prints of a file whose tests are all skipped is not shown.
  if (missing !== undefined) process.stderr.write(`SKIPPED, under gVisor: ${missing}\n`)
  return missing
}

async function lookForGvisor(): Promise<string | undefined> {
  const dockerHost = process.env.COOPERAGE_TEST_DOCKER_HOST
  if (dockerHost) {
    await using engine = await openEngine({ dockerHost, installation: 'none' })
    const { runtimes } = await engine.host()
    const known = runtimes.join(', ')
    return runtimes.includes('runsc') ? undefined : `COOPERAGE_TEST_DOCKER_HOST knows ${known} alone.`
  }
  const found = await findGvisor(process.env)
  return 'missing' in found ? found.missing : undefined
}

/** @param runtime of all its containers; default the engine's own default */
export async function openLab(runtime?: string): Promise<Lab> {
  const host = await startTestEngine({ runtimes: runtime === undefined ? {} : await runtimeNamed(runtime) })
  try {
    const image = labImageTag('shell', await recipeHash(SHELL))
    await buildLabImage({ dockerHost: host.dockerHost, dir: SHELL, tag: image, cacheDir: CACHE })
    const installation = `test-${randomBytes(6).toString('hex')}`
    const engine = await openEngine({
      dockerHost: host.dockerHost,
      installation,
      ...(runtime === undefined ? {} : { runtime }),
    })
    const spec = ({ role, limits, owner }: SpecOverrides = {}): ContainerSpec => ({
      image,
      role: role ?? 'learner',
      limits: { memoryMb: 128, cpus: 1, pids: 64, diskMb: 32, ...limits },
      owner: { worker: 'w1', pod: 'p1', ...owner },
    })
    return {
      host,
      engine,
      image,
      installation,
      spec,
      ready: async (files = [], overrides = {}) => {
        const started = await engine.start(spec(overrides))
        return started.put(files)
      },
      [Symbol.asyncDispose]: async () => {
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

async function runtimeNamed(name: string): Promise<Record<string, EngineRuntime>> {
  // The engine has its own already, and takes no other of that name.
  const gvisor = name === 'runsc' ? await findGvisor(process.env) : { missing: '' }
  return 'missing' in gvisor ? {} : { [name]: gvisor }
}

export const bytes = (text: string) => new TextEncoder().encode(text)
export const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content)

/** A shell command line, with bounds that no honest test reaches. */
export const shell = (line: string, overrides: Partial<Command> = {}): Command => ({
  argv: ['bash', '-c', line],
  timeoutMs: 20_000,
  maxBytes: 1024 * 1024,
  ...overrides,
})

export const python = (program: string, overrides: Partial<Command> = {}): Command =>
  shell('', { argv: ['python3', '-c', program], ...overrides })

/** stdout of a command that must exit, without the last line's end. */
export function stdoutOf(outcome: RunOutcome): string {
  if (outcome.kind !== 'exited') throw new Error(`not exited but ${JSON.stringify(outcome)}`)
  return text(outcome.stdout).trimEnd()
}

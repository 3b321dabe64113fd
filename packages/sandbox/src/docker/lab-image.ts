/**
 * Makes a lab image from its recipe, a folder with `Dockerfile`, `rootfs.sh` and `image.json`: from the
 * Dockerfile where the engine has a network and a registry answers, else from the distribution's packages.
 */
import { spawn } from 'node:child_process'
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type Docker from 'dockerode'
import { EngineFault } from '../port.js'
import { packTar } from '../tar.js'
import { call, connect, type EngineTls } from './connection.js'
import { destroyStream, eachMessage } from './streams.js'

export interface LabImageRequest {
  readonly dockerHost: string
  readonly tls?: EngineTls
  /** The recipe's folder. */
  readonly dir: string
  /** `name:tag` that the image gets; the caller's to derive from the recipe's hash. */
  readonly tag: string
  /** Folder that keeps the root file system, so that another engine gets the image without a second build. */
  readonly cacheDir?: string
  /** Takes one line of progress. */
  readonly onProgress?: (line: string) => void
  /** Ends a build that is under way. */
  readonly signal?: AbortSignal
}

/** The image could not be made; the message says why and what to do, in one or two sentences. */
export class LabImageFailed extends Error {
  override readonly name = 'LabImageFailed'
}

/** A registry that gives no first answer in this time (milliseconds) counts as none. */
const REGISTRY_MS = 8_000
const BUILD_MS = 15 * 60_000

/**
 * Makes the image unless the engine has its tag. Resolves to what was done.
 *
 * @throws EngineFault when the engine does not answer; LabImageFailed when no way leads to the image
 */
export async function buildLabImage(request: LabImageRequest): Promise<'present' | 'built' | 'imported'> {
  const docker = connect(request.dockerHost, request.tls)
  const { tag } = request
  const say = request.onProgress ?? (() => undefined)
  if (await hasImage(docker, tag)) return 'present'

  const cached = request.cacheDir && join(request.cacheDir, `${tag.replace(/[^\w.-]+/g, '-')}.tar`)
  if (cached && (await exists(cached))) {
    say(`${tag}: importing ${cached}`)
    await importRoot(docker, request, cached)
    return 'imported'
  }
  if (await buildFromDockerfile(docker, request, say)) return 'built'

  const folder = request.cacheDir ?? tmpdir()
  await mkdir(folder, { recursive: true })
  const scratch = await mkdtemp(join(folder, '.lab-image-'))
  try {
    const root = join(scratch, 'root.tar')
    say(`${tag}: making it from the distribution's packages, about half a minute`)
    await makeRoot(request, root, say)
    say(`${tag}: importing`)
    await importRoot(docker, request, root)
    // Whoever looks into the cache sees a whole file or none.
    if (cached) await rename(root, cached)
    return 'imported'
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** False where this way is closed: no network for builds, no registry, or a build that failed. */
async function buildFromDockerfile(
  docker: Docker,
  { dir, tag, signal }: LabImageRequest,
  say: (line: string) => void,
): Promise<boolean> {
  const networks = await call('networks', (abortSignal) => docker.listNetworks({ abortSignal }))
  if (!networks.some(({ Driver }) => Driver === 'bridge')) return false
  const dockerfile = await readFile(join(dir, 'Dockerfile'), 'utf8')
  const base = /^FROM\s+(\S+)/m.exec(dockerfile)?.[1]
  if (!base) throw new LabImageFailed(`${dir}/Dockerfile has no FROM`)
  try {
    if (!(await hasImage(docker, base))) {
      say(`${tag}: asking the registry for ${base}`)
      const pulling = call('pull', () => docker.pull(base), {
        timeoutMs: REGISTRY_MS,
        discard: destroyStream,
      })
      await finished(await pulling, { firstMs: REGISTRY_MS, signal, onMessage: () => undefined })
    }
    const names = await readdir(dir)
    const files = names.map(async (path) => ({ path, content: await readFile(join(dir, path)), mode: 0o644 }))
    const context = packTar(await Promise.all(files))
    say(`${tag}: building from its Dockerfile`)
    // The types want a stream or a path; a buffer is sent as it is.
    const building = docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: tag, forcerm: true })
    const onMessage = ({ stream }: Record<string, unknown>) => {
      if (typeof stream === 'string' && stream.startsWith('Step ')) say(`${tag}: ${stream.trim()}`)
    }
    await finished(await call('build', () => building), { firstMs: BUILD_MS, signal, onMessage })
    return true
  } catch (error) {
    if (signal?.aborted) throw error
    say(`${tag}: not from a registry (${error instanceof Error ? error.message : String(error)})`)
    return false
  }
}

/** Waits for the end of a pull's, build's or import's messages. Throws LabImageFailed with the engine's error. */
async function finished(
  stream: NodeJS.ReadableStream,
  options: {
    /** Longest wait for the first message, in milliseconds. */
    firstMs: number
    signal?: AbortSignal | undefined
    onMessage: (message: Record<string, unknown>) => void
  },
): Promise<void> {
  let failure: string | undefined
  let give: (error: Error) => void = () => undefined
  const ended = new Promise<void>((done, fail) => {
    give = fail
    stream.on('end', done)
    stream.on('error', fail)
    stream.on('close', done)
  })
  const first = setTimeout(() => give(new LabImageFailed('no answer')), options.firstMs)
  const all = setTimeout(() => give(new LabImageFailed('it took too long')), BUILD_MS)
  const abort = () => give(new LabImageFailed('stopped'))
  options.signal?.addEventListener('abort', abort, { once: true })
  eachMessage(stream, (message) => {
    clearTimeout(first)
    if (typeof message.error === 'string') failure = message.error.trim()
    options.onMessage(message)
  })
  try {
    await ended
    if (failure !== undefined) throw new LabImageFailed(failure)
  } finally {
    clearTimeout(first)
    clearTimeout(all)
    options.signal?.removeEventListener('abort', abort)
    destroyStream(stream)
  }
}

async function makeRoot(request: LabImageRequest, out: string, say: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new LabImageFailed(
      `${request.tag} needs root to be made from packages, and no registry answers; start as root`,
    )
  }
  if (!(await onPath('mmdebstrap'))) {
    throw new LabImageFailed(
      `${request.tag} cannot be made: no registry answers the engine and mmdebstrap is not installed; install mmdebstrap`,
    )
  }
  const said: string[] = []
  const child = spawn('bash', ['rootfs.sh', out], {
    cwd: request.dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: request.signal,
    // A locale that the new root lacks only makes noise; the proxies of the environment are kept.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  child.stderr.on('data', (bytes: Buffer) => {
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line.trim() === '') continue
      said.push(line.trim())
      if (said.length > 40) said.shift()
      if (line.startsWith('I: ')) say(`${request.tag}: ${line.slice(3).trim()}`)
    }
  })
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', done)
  })
  if (code !== 0) {
    const errors = said.filter((line) => line.startsWith('E: ') || /fail|cannot|could not/i.test(line))
    const why = (errors.length > 0 ? errors : said).slice(-3).join(' · ')
    throw new LabImageFailed(
      `${request.tag} could not be made from packages: ${why || `rootfs.sh ended with ${code}`}`,
    )
  }
}

interface ImageConfig {
  readonly user: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly cmd: readonly string[]
}

async function importRoot(
  docker: Docker,
  { dir, tag, signal }: LabImageRequest,
  root: string,
): Promise<void> {
  const config = JSON.parse(await readFile(join(dir, 'image.json'), 'utf8')) as ImageConfig
  const colon = tag.lastIndexOf(':')
  const changes = [
    `USER ${config.user}`,
    `WORKDIR ${config.workdir}`,
    ...Object.entries(config.env).map(([name, value]) => `ENV ${name}=${value}`),
    `CMD ${JSON.stringify(config.cmd)}`,
  ]
  const importing = call(
    'import',
    () =>
      docker.importImage(resolve(root), {
        fromSrc: '-',
        repo: tag.slice(0, colon),
        tag: tag.slice(colon + 1),
        changes,
      }) as Promise<NodeJS.ReadableStream>,
    { timeoutMs: BUILD_MS },
  )
  await finished(await importing, { firstMs: BUILD_MS, signal, onMessage: () => undefined })
  if (!(await hasImage(docker, tag))) throw new EngineFault(`${tag} was imported and is not there`)
}

async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  const images = await call('images', (abortSignal) => docker.listImages({ abortSignal }))
  return images.some(({ RepoTags }) => RepoTags?.includes(tag))
}

async function onPath(program: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(':')
  const found = await Promise.all(folders.map((folder) => exists(join(folder, program))))
  return found.includes(true)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

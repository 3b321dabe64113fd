/** The port on a Docker engine. Only this folder knows dockerode. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { labelFilter, labelsOf, readLabels } from '../labels.js'
import {
  type ContainerOwner,
  type ContainerSpec,
  type HostFacts,
  type LabEngine,
  UnknownRuntime,
  type StartedContainer,
} from '../port.js'
import { isolationOf } from '../runtimes.js'
import { strictContainer, strictProfileHash, type StrictProfile } from '../strict-profile.js'
import { call, connect, statusOf, type EngineTls } from './connection.js'
import { WaitingContainer } from './container.js'
import { hostFacts } from './host.js'
import { KillWatch } from './kill-watch.js'
import { Removals } from './removals.js'
import { quiet } from './streams.js'

export interface EngineOptions {
  /** `unix:///path` or `tcp://host:port`. */
  readonly dockerHost: string
  /** For `tcp://` with TLS: the files' contents. */
  readonly tls?: EngineTls
  /** Id of this installation: a sweep touches no other's containers on a shared engine. */
  readonly installation: string
  /** Container runtime that the engine knows by this name, as in `runsc`; default the engine's own default. */
  readonly runtime?: string
  /** Folder of the seccomp profiles; default the repository's `docker/seccomp`. */
  readonly seccompDir?: string
}

const SECCOMP_DIR = new URL('../../../../docker/seccomp/', import.meta.url)

/**
 * The lab engine at an address. Does not call it: `ping` does.
 *
 * @throws EngineFault for an address that is none; the file system's error when the seccomp profile is missing
 */
export async function openEngine(options: EngineOptions): Promise<LabEngine> {
  const file = options.seccompDir ? `${options.seccompDir}/strict.json` : new URL('strict.json', SECCOMP_DIR)
  const seccomp = JSON.stringify(JSON.parse(await readFile(file, 'utf8')))
  const docker = connect(options.dockerHost, options.tls)
  return new DockerLabEngine(docker, options.installation, seccomp, options.runtime)
}

/** Of `GET /info`: what the engine has for containers. */
interface EngineMeans {
  readonly NCPU: number
  readonly DefaultRuntime?: string
  readonly Runtimes?: Readonly<Record<string, { readonly path?: string }>>
}

/** What a container gets on this engine, whatever its lab. */
interface Terms {
  readonly cpus: number
  readonly runtime: string
  readonly profile: StrictProfile
  readonly profileHash: string
}

/** A removal that fails is tried again after these pauses (milliseconds), then left to a sweep. */
const REMOVAL_PAUSES = [200, 1000, 5000]

class DockerLabEngine implements LabEngine {
  private readonly kills: KillWatch
  private readonly removals = new Removals((container) => this.removeWithPatience(container))
  private known: Terms | undefined

  constructor(
    private readonly docker: Docker,
    private readonly installation: string,
    private readonly seccomp: string,
    private readonly runtime: string | undefined,
  ) {
    this.kills = new KillWatch(docker, labelFilter(installation))
  }

  async ping(): Promise<void> {
    await call('ping', () => this.docker.ping(), { timeoutMs: 5000 })
  }

  async host(): Promise<HostFacts> {
    return hostFacts(this.docker)
  }

  async expectRuntime(): Promise<void> {
    await this.terms()
  }

  async images(): Promise<Map<string, string>> {
    const images = await call('images', (abortSignal) => this.docker.listImages({ abortSignal }))
    return new Map(images.flatMap(({ Id, RepoTags }) => (RepoTags ?? []).map((tag) => [tag, Id] as const)))
  }

  async start(spec: ContainerSpec): Promise<StartedContainer> {
    const labels = labelsOf(this.installation, spec, new Date())
    // Named here, so that a container whose creation was never confirmed can be removed all the same.
    const name = `cooperage-${spec.role}-${randomBytes(9).toString('hex')}`
    const { cpus, runtime, profile, profileHash } = await this.terms()
    const limits = { ...spec.limits, cpus: Math.min(spec.limits.cpus, cpus) }
    const body = strictContainer({ ...spec, limits }, labels, profile)
    let container = this.docker.getContainer(name)
    try {
      container = await call('create', (abortSignal) =>
        this.docker.createContainer({ ...body, name, abortSignal }),
      )
      await this.kills.watch(container.id)
      const attach = { stream: true, stdin: true, stdout: true, stderr: false, hijack: true }
      const attaching = container.attach(attach).then((opened) => quiet(asDuplex(opened)))
      const [stream, { Image: imageDigest }] = await Promise.all([
        call('attach', () => attaching, { discard: (late) => late.destroy() }),
        call('inspect', (abortSignal) => container.inspect({ abortSignal })),
      ])
      const facts = { imageDigest, profile: 'strict', profileHash, runtime, limits }
      const waiting = new WaitingContainer(container, spec, facts, stream, {
        kills: this.kills,
        isolation: profile.isolation,
        discard: (spent) => this.discard(spent),
        working: (command) => this.removals.during(command),
      })
      await call('start', (abortSignal) => container.start({ abortSignal }))
      return waiting
    } catch (fault) {
      this.discard(container)
      throw fault
    }
  }

  async sweep(isAlive: (owner: ContainerOwner) => boolean, olderThanMs: number): Promise<number> {
    const now = Date.now()
    return this.removeWhere(labelFilter(this.installation), (labels) => {
      const { owner, createdAt } = readLabels(labels)
      return now - createdAt >= olderThanMs && !isAlive(owner)
    })
  }

  async removeAll(worker?: string): Promise<number> {
    return this.removeWhere(labelFilter(this.installation, worker), () => true)
  }

  get removing(): number {
    return this.removals.size
  }

  async drained(): Promise<void> {
    await this.removals.drained()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drained()
    this.kills.close()
  }

  /** Asked once. The engine refuses a container more CPUs than there are; a lab may be written for a larger host. */
  private async terms(): Promise<Terms> {
    if (this.known) return this.known
    const means = (await call('info', () => this.docker.info())) as EngineMeans
    const runtimes = means.Runtimes ?? {}
    const runtime = this.runtime ?? means.DefaultRuntime ?? 'runc'
    if (this.runtime !== undefined && !(runtime in runtimes)) {
      throw new UnknownRuntime(runtime, Object.keys(runtimes))
    }
    const profile = {
      seccomp: this.seccomp,
      isolation: isolationOf(runtime, runtimes[runtime]?.path),
      ...(this.runtime === undefined ? {} : { runtime: this.runtime }),
    }
    this.known = { cpus: means.NCPU, runtime, profile, profileHash: strictProfileHash(profile) }
    return this.known
  }

  /** Containers first: what is attached to one cannot go before it. */
  private async removeWhere(
    filters: { label: string[] },
    isLeft: (labels: Record<string, string>) => boolean,
  ): Promise<number> {
    const query = { filters: JSON.stringify(filters) }
    const containers = await call('list', (abortSignal) =>
      this.docker.listContainers({ ...query, all: true, abortSignal }),
    )
    const left = containers.filter(({ Labels }) => isLeft(Labels))
    await Promise.all(left.map(({ Id }) => this.remove(this.docker.getContainer(Id))))
    const [networks, { Volumes: volumes }] = await Promise.all([
      call('networks', (abortSignal) => this.docker.listNetworks({ ...query, abortSignal })),
      call('volumes', (abortSignal) => this.docker.listVolumes({ ...query, abortSignal })),
    ])
    const others = [
      ...networks.map(({ Id, Labels }) => ({ labels: Labels, made: this.docker.getNetwork(Id) })),
      ...volumes.map(({ Name, Labels }) => ({ labels: Labels, made: this.docker.getVolume(Name) })),
    ].filter(({ labels }) => isLeft(labels ?? {}))
    await Promise.all(others.map(({ made }) => unlessGone((abortSignal) => made.remove({ abortSignal }))))
    return left.length + others.length
  }

  private discard(container: Docker.Container): void {
    this.kills.forget(container.id)
    this.removals.add(container)
  }

  private async removeWithPatience(container: Docker.Container): Promise<void> {
    for (const pause of [...REMOVAL_PAUSES, undefined]) {
      try {
        return await this.remove(container)
      } catch {
        if (pause === undefined) return
        await sleep(pause)
      }
    }
  }

  private remove(container: Docker.Container): Promise<void> {
    return unlessGone((abortSignal) => container.remove({ force: true, v: true, abortSignal }))
  }
}

/** What is gone, on its way out by somebody else's call, or still in use (the next sweep finds it again) is no fault. */
const NO_FAULT = new Set<number | undefined>([403, 404, 409])

async function unlessGone(removal: (abortSignal: AbortSignal) => Promise<unknown>): Promise<void> {
  try {
    await call('remove', removal)
  } catch (fault) {
    if (!NO_FAULT.has(statusOf(fault))) throw fault
  }
}

/** The types call it a ReadWriteStream; it is the hijacked socket. */
function asDuplex(stream: NodeJS.ReadWriteStream) {
  return stream as import('node:net').Socket
}

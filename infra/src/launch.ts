// Brings up what the product consists of, side by side where it can, and takes it down again.

import { existsSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Health } from '@cooperage/contracts'
import { LabImageFailed, openEngine } from '@cooperage/sandbox'
import type { StartOptions } from '../boot/options.mjs'
import type { Progress } from '../boot/progress.mjs'
import { Trouble } from '../boot/trouble.mjs'
import { moveDemo } from './demo.js'
import type { Installation } from './installation.js'
import { type EngineAccess, type NoEngine, provideEngine } from './services/engine.js'
import { labImageNames, provideLabImage } from './services/lab-images.js'
import { providePostgres } from './services/postgres.js'
import { provideRedis } from './services/redis.js'
import {
  demoFile,
  getStatus,
  localUrl,
  runSetup,
  type SiteSettings,
  startApi,
  startWorker,
} from './services/site.js'
import type { StartedService } from './supervise/supervisor.js'
import { welcomeText } from './welcome.js'

type Labs = EngineAccess | NoEngine

/** One run of everything, from nothing to ready and back. */
export class Launch {
  /** PostgreSQL, Redis and the engine, as far as they are this installation's own */
  private readonly stores: StartedService[] = []
  /** API and worker */
  private readonly site: StartedService[] = []
  private dockerHost: string | undefined
  private readonly background = new AbortController()
  private building: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly installation: Installation,
    private readonly options: StartOptions,
    private readonly root: string,
    private readonly progress: Progress,
    private readonly stopping: AbortSignal,
  ) {
    stopping.addEventListener('abort', () => this.background.abort(), { once: true })
  }

  async bringUp(): Promise<void> {
    const { installation, options, root, progress } = this
    const stores = this.startStores().then(async ({ databaseUrl, redisUrl, workerRedisUrl }) => {
      this.stopping.throwIfAborted()
      const { host, port, courses, demo } = options
      const publicUrl = process.env.PUBLIC_URL || undefined
      const settings: SiteSettings = { root, host, port, publicUrl, courses, databaseUrl, redisUrl, demo }
      const result = await progress.during('Preparing the database and the courses', () =>
        runSetup(installation, settings),
      )
      for (const { course, file, line, message } of result.problems) {
        progress.warn(`Left out: ${path.join(course, file)}:${line}: ${message}`)
      }
      const people = demoFile(installation)
      moveDemo(people, publicUrl ?? localUrl(options))
      // A database that had people before gets no demonstration: then nothing is to wait for its file.
      return { settings: { ...settings, demo: demo && existsSync(people) }, result, workerRedisUrl }
    })
    // Without stores there is no site, and no reason to wait for an image.
    stores.catch(() => this.background.abort())
    const [{ settings, result, workerRedisUrl }, labs] = await both(stores, this.startLabs())
    this.stopping.throwIfAborted()
    const labsOff = 'off' in labs ? labs.off : undefined
    const api = await progress.during('Starting the site', () =>
      startApi(installation, { ...settings, labsOff }, progress),
    )
    this.site.push(api)
    this.stopping.throwIfAborted()
    const apiUrl = localUrl(options)
    if ('dockerHost' in labs) {
      const worker = { root, apiUrl, redisUrl: workerRedisUrl, dockerHost: labs.dockerHost }
      this.site.push(await startWorker(installation, worker, process.env, progress))
    }
    const health = await this.waitUntilReady(apiUrl)
    progress.line(
      welcomeText({
        url: settings.publicUrl ?? apiUrl,
        demoFile: demoFile(installation),
        demoIsNew: result.demo,
        adminLink: result.adminLink,
        adminEmail: result.adminEmail,
        labsOff: labsOff ?? labsOffByHealth(health),
        openWithoutPublicUrl: !settings.publicUrl && ['0.0.0.0', '::'].includes(options.host),
      }),
    )
    if ('dockerHost' in labs) this.building = this.buildOtherImages(labs)
  }

  private async startStores() {
    const [postgres, redis] = await both(
      providePostgres(this.installation, process.env, this.progress).then((access) => this.keep(access)),
      provideRedis(this.installation, process.env, this.progress).then((access) => this.keep(access)),
    )
    return { databaseUrl: postgres.url, redisUrl: redis.apiUrl, workerRedisUrl: redis.workerUrl }
  }

  private keep<Access extends { service?: StartedService }>(access: Access): Access {
    if (access.service) this.stores.push(access.service)
    return access
  }

  private async startLabs(): Promise<Labs> {
    if (!this.options.labs) return { off: 'This installation was started with --no-labs.' }
    const access = await provideEngine(this.installation, process.env, this.progress)
    if ('off' in access) {
      this.progress.warn(`Labs are off: ${access.off}`)
      return access
    }
    this.keep(access)
    this.dockerHost = access.dockerHost
    // For `cooperage doctor`, which tests the engine that runs.
    const address = this.installation.runFile('lab-engine')
    writeFileSync(address, JSON.stringify({ dockerHost: access.dockerHost }), { mode: 0o600 })
    // What a start that was killed left behind; nothing of this installation runs now.
    await this.removeContainers()
    try {
      await this.buildImage('shell', access)
      return access
    } catch (error) {
      if (!(error instanceof LabImageFailed) || this.background.signal.aborted) throw error
      this.progress.warn(`Labs are off: ${error.message}`)
      return { off: error.message }
    }
  }

  private buildImage(name: string, engine: EngineAccess): Promise<string> {
    const folders = {
      recipes: path.join(this.root, 'docker/labs'),
      cache: path.join(this.root, '.cooperage/cache/lab-images'),
    }
    return provideLabImage(name, engine, folders, this.progress, this.background.signal)
  }

  private async buildOtherImages(engine: EngineAccess): Promise<void> {
    for (const name of labImageNames(path.join(this.root, 'docker/labs')).filter(
      (other) => other !== 'shell',
    )) {
      if (this.background.signal.aborted) return
      await this.buildImage(name, engine).catch((error: Error) => {
        if (!this.background.signal.aborted)
          this.progress.warn(`Labs of the image ${name} are off: ${error.message}`)
      })
    }
  }

  /** Resolves to what the API says of its health, or to nothing when this is stopped before. */
  private async waitUntilReady(url: string): Promise<string> {
    const step = this.progress.step('Waiting until it is ready')
    const deadline = performance.now() + 180_000
    let missing = 'no answer'
    while (!this.stopping.aborted) {
      const { status, body } = await getStatus(`${url}/health/ready`).catch(() => ({ status: 0, body: '' }))
      if (status === 200) {
        step.done()
        return body
      }
      missing = describeHealth(body) || missing
      step.update(missing)
      if (performance.now() > deadline) {
        step.fail()
        const logs = path.join(this.installation.folder, 'logs')
        throw new Trouble(`It does not become ready: ${missing}.`, `The logs of all parts are in ${logs}.`)
      }
      await wait(100)
    }
    step.fail('stopped')
    return ''
  }

  async takeDown(): Promise<void> {
    this.background.abort()
    const step = this.progress.step('Stopping')
    await this.building
    await Promise.allSettled(this.site.map((service) => service.stop()))
    await this.removeContainers()
    rmSync(this.installation.runFile('lab-engine'), { force: true })
    await Promise.allSettled(this.stores.map((service) => service.stop()))
    step.done()
  }

  private async removeContainers(): Promise<void> {
    if (!this.dockerHost) return
    try {
      await using engine = await openEngine({
        dockerHost: this.dockerHost,
        installation: this.installation.id,
      })
      await engine.removeAll()
    } catch (error) {
      this.progress.warn(
        `Containers of labs may be left: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}

/** Waits for both, also when one fails: what the other started has to be known to be stopped. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second])
  return Promise.all([first, second])
}

/** Ready without labs: the self-test has decided so, until an admin says otherwise. */
const labsOffByHealth = (body: string) => /^labs are off: (.*)$/.exec(dependenciesOf(body).worker ?? '')?.[1]

/** What of `{dependencies: {name: state}}` is not `ok`. */
const describeHealth = (body: string) =>
  Object.entries(dependenciesOf(body))
    .filter(([, state]) => state !== 'ok')
    .map(([name, state]) => `${name}: ${state}`)
    .join(', ')

function dependenciesOf(body: string): Record<string, string> {
  try {
    return Health.parse(JSON.parse(body)).dependencies
  } catch {
    return {}
  }
}

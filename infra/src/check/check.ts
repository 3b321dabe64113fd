// `npm test`: gets what the tests need as `npm start` does, in a folder of its own, runs all stages, and counts.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestOptions } from '../../boot/options.mjs'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { startGuardian } from '../guard.js'
import { openInstallation } from '../installation.js'
import { provideEngine } from '../services/engine.js'
import { provideLabImage } from '../services/lab-images.js'
import { providePostgres } from '../services/postgres.js'
import { provideRedis } from '../services/redis.js'
import { untilStopped } from '../stop-signal.js'
import type { StartedService } from '../supervise/supervisor.js'
import { provideChromium } from './chromium.js'
import { provideGvisor } from './gvisor.js'
import { allStages } from './stages.js'
import { add, closingLine, nothing, type Tally } from './tally.js'

/** What a developer may have set for `npm start` must not reach the tests. */
const foreign = [
  'DATABASE_URL',
  'REDIS_URL',
  'WORKER_REDIS_URL',
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'COOPERAGE_COURSES',
  'LAB_RUNTIME',
]

/** Prints the closing line; the process ends with 1 when anything failed. */
export async function check(options: TestOptions, root: string, progress: Progress): Promise<void> {
  const signal = untilStopped()
  const stages = allStages.filter(({ name }) => options.only.length === 0 || options.only.includes(name))
  const scratch = mkdtempSync(path.join(tmpdir(), 'cooperage-test-'))
  const services: StartedService[] = []
  const installation = openInstallation(scratch)
  const sendGuardianAway = startGuardian(installation)
  let tally: Tally = nothing
  try {
    const wants = (...names: string[]) => stages.some(({ name }) => names.includes(name))
    const env = { ...process.env }
    for (const name of foreign) delete env[name]
    if (wants('integration', 'browser')) Object.assign(env, await provideStores())
    if (wants('integration', 'attacks', 'browser')) Object.assign(env, await provideTestEngine())
    if (wants('browser') && !options.skipEngine)
      env.CHROMIUM_PATH = await provideChromium(process.env, progress)
    const { rest, skipEngine } = options
    for (const stage of stages) {
      if (signal.aborted) break
      tally = add(tally, await stage.run({ root, scratch, env, rest, skipEngine, progress, signal }))
    }
  } finally {
    await Promise.allSettled(services.map((service) => service.stop()))
    sendGuardianAway()
    // Where the temporary folder is closed to the accounts of the services, their data was elsewhere.
    for (const folder of [scratch, path.join('/var/lib/cooperage', installation.id)]) {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  if (signal.aborted) throw new Trouble('The tests were stopped before their end.', 'Run npm test again.')
  progress.line(`\n${closingLine(tally)}`)
  if (tally.failed > 0) process.exitCode = 1

  async function provideStores(): Promise<NodeJS.ProcessEnv> {
    const own = { ...process.env }
    for (const name of foreign) delete own[name]
    const postgres = await providePostgres(installation, own, progress, { throwaway: true })
    if (postgres.service) services.push(postgres.service)
    const redis = await provideRedis(installation, own, progress)
    if (redis.service) services.push(redis.service)
    return { TEST_POSTGRES_URL: postgres.superuserUrl, TEST_REDIS_URL: redis.adminUrl }
  }

  /** Tests that kill and restart an engine start their own; here it is seen to work and its image is made, once for all of them. */
  async function provideTestEngine(): Promise<NodeJS.ProcessEnv> {
    if (options.skipEngine) {
      progress.warn('Tests that need a Docker Engine are SKIPPED, as --skip-engine says.')
      return {}
    }
    if (!process.env.DOCKER_HOST) await provideGvisor(process.env, progress)
    const engine = await provideEngine(installation, { ...process.env, LAB_RUNTIME: undefined }, progress)
    if ('off' in engine) {
      throw new Trouble(
        `There is NO DOCKER ENGINE for the tests: ${engine.off}`,
        'To run only what needs none: npm test -- --skip-engine',
      )
    }
    try {
      const folders = {
        recipes: path.join(root, 'docker/labs'),
        cache: path.join(root, '.cooperage/cache/lab-images'),
      }
      const tag = await provideLabImage('shell', engine, folders, progress, signal)
      return {
        TEST_SHELL_IMAGE: tag,
        ...(engine.isPrivate ? {} : { COOPERAGE_TEST_DOCKER_HOST: engine.dockerHost }),
      }
    } finally {
      await engine.service?.stop()
    }
  }
}

/** A real engine with the shell image, for tests of attacks. */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { recipeHash } from '@cooperage/course'
import { labImageTag } from '@cooperage/domain'
import { buildLabImage, openEngine } from '@cooperage/sandbox'
import { startTestEngine, type TestEngine } from '@cooperage/testing'
import type { ArenaOptions } from '../src/arena.js'

const root = new URL('../../../', import.meta.url)
const recipe = fileURLToPath(new URL('docker/labs/shell', root))
const cache = fileURLToPath(new URL('.cooperage/cache/lab-images', root))

export interface ArenaHost extends AsyncDisposable {
  readonly engine: TestEngine
  readonly options: ArenaOptions
}

export async function openArenaHost(): Promise<ArenaHost> {
  const host = await startTestEngine()
  try {
    const image = labImageTag('shell', await recipeHash(recipe))
    await buildLabImage({ dockerHost: host.dockerHost, dir: recipe, tag: image, cacheDir: cache })
    const engine = await openEngine({
      dockerHost: host.dockerHost,
      installation: `test-${randomBytes(6).toString('hex')}`,
    })
    const owner = { worker: 'attacker', pod: 'arena' }
    return {
      engine: host,
      options: { engine, image, host: await engine.host(), owner },
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

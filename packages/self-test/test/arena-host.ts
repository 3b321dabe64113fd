/** A real engine with the shell image, for tests of attacks: as it should be, and with fences taken away. */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { recipeHash } from '@cooperage/course'
import { labImageTag } from '@cooperage/domain'
import { buildLabImage, openEngine } from '@cooperage/sandbox'
import { startTestEngine, weakenEngine, type TestEngine, type TestEngineOptions } from '@cooperage/testing'
import type { ArenaOptions } from '../src/arena.js'
import type { Fence } from '../src/attack.js'
import { without } from './take-fences-away.js'

const root = new URL('../../../', import.meta.url)
const recipe = fileURLToPath(new URL('docker/labs/shell', root))
const cache = fileURLToPath(new URL('.cooperage/cache/lab-images', root))

export interface ArenaHost extends AsyncDisposable {
  readonly engine: TestEngine
  readonly options: ArenaOptions
  /** The same engine without these fences, inside an outer limit. Throws where the engine is not the test's own. */
  without(fences: readonly Fence[]): Promise<ArenaOptions>
}

export async function openArenaHost(engineOptions: TestEngineOptions = {}): Promise<ArenaHost> {
  const host = await startTestEngine(engineOptions)
  /** What was opened, to be closed the other way round. */
  const opened: (() => PromiseLike<unknown>)[] = [() => host.stop()]
  const close = async () => {
    for (const each of opened.splice(0).reverse()) await each()
  }
  const openAt = async (dockerHost: string): Promise<ArenaOptions> => {
    const installation = `test-${randomBytes(6).toString('hex')}`
    const engine = await openEngine({ dockerHost, installation })
    opened.push(() => engine[Symbol.asyncDispose]())
    opened.push(() => engine.removeAll().catch(() => 0))
    return { engine, image, host: await engine.host(), owner: { worker: 'attacker', pod: 'arena' } }
  }
  const weaken = async (fences: readonly Fence[]) => {
    const weakened = await weakenEngine(host, without(fences))
    opened.push(() => weakened.close())
    return openAt(weakened.dockerHost)
  }
  const weakened = new Map<string, Promise<ArenaOptions>>()
  const image = labImageTag('shell', await recipeHash(recipe))
  try {
    await buildLabImage({ dockerHost: host.dockerHost, dir: recipe, tag: image, cacheDir: cache })
    return {
      engine: host,
      options: await openAt(host.dockerHost),
      without(fences) {
        const key = [...fences].sort().join()
        const options = weakened.get(key) ?? weaken(fences)
        weakened.set(key, options)
        return options
      },
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A real engine that has the shell image, and a door of the test's own to this test's containers. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recipeHash } from '@cooperage/course'
import { labImageTag } from '@cooperage/domain'
import { buildLabImage, openEngine, type ContainerOwner, type LabEngine } from '@cooperage/sandbox'
import { startTestEngine, type TestEngine, type TestEngineOptions } from '@cooperage/testing'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
const recipe = join(root, 'docker/labs/shell')

export interface EngineWithImage extends AsyncDisposable {
  readonly host: TestEngine
  readonly engine: LabEngine
  readonly image: string
  readonly installation: string
  /** Whose containers there are, of this installation. */
  owners(): Promise<ContainerOwner[]>
  /** A call of the Engine API, as an operator's `docker` makes it. */
  call(method: string, path: string): Promise<void>
}

export async function openLabEngine(options?: TestEngineOptions): Promise<EngineWithImage> {
  const host = await startTestEngine(options)
  try {
    const image = labImageTag('shell', await recipeHash(recipe))
    const cacheDir = join(root, '.cooperage/cache/lab-images')
    await buildLabImage({ dockerHost: host.dockerHost, dir: recipe, tag: image, cacheDir })
    const installation = `test-${randomBytes(6).toString('hex')}`
    const engine = await openEngine({ dockerHost: host.dockerHost, installation })
    return {
      host,
      engine,
      image,
      installation,
      async owners() {
        const found: ContainerOwner[] = []
        // Everyone is alive to it: it only looks.
        await engine.sweep((owner) => found.push(owner) > 0, 0)
        return found
      },
      call: (method, path) => call(host.dockerHost, method, path),
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

async function call(dockerHost: string, method: string, path: string): Promise<void> {
  const where = dockerHost.startsWith('unix://')
    ? { socketPath: dockerHost.slice('unix://'.length) }
    : { host: new URL(dockerHost).hostname, port: new URL(dockerHost).port }
  const sent = request({ ...where, method, path })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  if ((answer.statusCode ?? 500) >= 300) throw new Error(`${method} ${path}: ${answer.statusCode}`)
}

import { startProduct } from '@cooperage/testing'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Starts the product once for all journeys; they find it by DEMO_OF_BROWSER_TESTS. Answers how to stop it. */
export default async function start(): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), 'cooperage-browser-'))
  const product = await startProduct({
    data,
    env: { DOCKER_HOST: process.env['COOPERAGE_TEST_DOCKER_HOST'] },
  })
  const demo = join(data, 'demo-of-browser-tests.json')
  await writeFile(demo, JSON.stringify(product.demo), { mode: 0o600 })
  process.env['DEMO_OF_BROWSER_TESTS'] = demo
  return async () => {
    await product.stop()
    await rm(data, { recursive: true, force: true })
  }
}

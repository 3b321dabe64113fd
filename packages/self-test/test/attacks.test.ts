/** Every attack against strict pods of a real engine: one row each. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { attacks } from '../src/attacks/index.js'
import { runAttack } from '../src/self-test.js'
import { openArenaHost, type ArenaHost } from './arena-host.js'
import { tell } from './tell.js'

let host: ArenaHost
beforeAll(async () => {
  host = await openArenaHost()
}, 180_000)
afterAll(async () => {
  await host?.[Symbol.asyncDispose]()
}, 60_000)

test.each(attacks.map((attack) => [attack.tried, attack] as const))('%s', async (_, attack) => {
  const row = await runAttack(attack, host.options)
  tell(row)
  expect(row).toMatchObject({ verdict: 'held' })
})

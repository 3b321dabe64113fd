/** Every attack that a fence stops, with that fence taken away: it gets through, so that its absence would be noticed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Attack } from '../src/attack.js'
import { attacks } from '../src/attacks/index.js'
import { runAttack } from '../src/self-test.js'
import { openArenaHost, type ArenaHost } from './arena-host.js'
import { tell } from './tell.js'

// An engine that is not the test's own cannot be confined, and nothing weak runs on it.
const own = process.env.COOPERAGE_TEST_DOCKER_HOST === undefined ? describe : describe.skip

const fenced = attacks.filter(({ fences }) => fences.length > 0)
const needsEngineOfItsOwn = ({ fences }: Attack) => fences.includes('user-namespaces')

for (const userNamespaces of [true, false]) {
  own(`on an engine ${userNamespaces ? 'with' : 'without'} user namespaces`, () => {
    let host: ArenaHost
    beforeAll(async () => {
      host = await openArenaHost({ userNamespaces })
    }, 180_000)
    afterAll(async () => {
      await host?.[Symbol.asyncDispose]()
    }, 60_000)

    const mine = fenced.filter((attack) => needsEngineOfItsOwn(attack) !== userNamespaces)
    test.each(mine.map((attack) => [attack.tried, attack.fences.join(', '), attack] as const))(
      '%s gets through without %s',
      async (_, fences, attack) => {
        const row = await runAttack(attack, await host.without(attack.fences))
        tell(row, `without ${fences}`)
        expect(row).toMatchObject({ verdict: 'broken' })
      },
    )
  })
}

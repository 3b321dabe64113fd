/** How the port must behave on a real engine, whatever the runtime: one set of tests. */
import { afterAll, beforeAll, describe } from '@jest/globals'
import { openLab, type Lab } from '../lab.js'
import { collecting } from './collect.js'
import { EXPECTED, type Runtime } from './expected.js'
import { leavingNothing } from './left-behind.js'
import { limiting } from './limits.js'
import { putting } from './put.js'
import { running } from './run.js'

/** @param missing why the runtime is not there: then the tests are counted as skipped */
export function conformance(runtime: Runtime, missing?: string): void {
  const title = missing === undefined ? `under ${runtime}` : `under ${runtime} (left out: ${missing})`
  const told = missing === undefined ? describe : describe.skip
  told(title, () => {
    let lab: Lab
    beforeAll(async () => {
      lab = await openLab(runtime)
    }, 180_000)
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]()
    }, 60_000)

    for (const part of [putting, running, limiting, collecting, leavingNothing]) {
      part(() => lab, EXPECTED[runtime])
    }
  })
}

import { describe, expect, test } from '@jest/globals'
import { CheckSpec } from '@cooperage/contracts'
import { phasesOf } from './phases.js'

const check = (id: string, more: object) => CheckSpec.parse({ id, title: id, ...more })
const exec = { exec: { run: ['true'] } }
const script = { script: 'checks/a.sh' }
const hidden = { visibility: 'hidden' }
const order = (...checks: CheckSpec[]) =>
  phasesOf(checks).map((phase) => ({
    execs: phase.execs.map(({ id }) => id),
    scripts: phase.scripts.map(({ id }) => id),
  }))

describe('phasesOf', () => {
  test('runs exec checks in the order of the file, hidden ones last, then scripts', () => {
    expect(
      order(
        check('h', { ...exec, ...hidden }),
        check('hs', { ...script, ...hidden }),
        check('a', exec),
        check('b', exec),
      ),
    ).toEqual([{ execs: ['a', 'b', 'h'], scripts: ['hs'] }])
  })

  test('is done with all that is open before a hidden command runs', () => {
    expect(
      order(
        check('h', { ...exec, ...hidden }),
        check('both', { ...exec, ...script }),
        check('s', script),
        check('hb', { ...exec, ...script, ...hidden }),
      ),
    ).toEqual([
      { execs: ['both'], scripts: ['both', 's'] },
      { execs: ['h', 'hb'], scripts: ['hb'] },
    ])
  })

  test('keeps scripts in one phase when no hidden command runs', () => {
    expect(order(check('hs', { ...script, ...hidden }), check('s', script))).toEqual([
      { execs: [], scripts: ['hs', 's'] },
    ])
  })
})

import { expect, it } from '@jest/globals'
import type Docker from 'dockerode'
import { Removals } from './removals.js'

const spent = (id: string) => ({ id }) as Docker.Container
function recording() {
  const removed: string[] = []
  return { removed, removals: new Removals(async ({ id }) => void removed.push(id)) }
}

it('removes at once when nothing runs', async () => {
  const { removed, removals } = recording()
  removals.add(spent('a'))
  await removals.drained()
  expect(removed).toEqual(['a'])
})

it('lets a command go first, but never has more than a few wait', async () => {
  const { removed, removals } = recording()
  let end = () => {}
  const command = removals.during(() => new Promise<void>((resolve) => (end = resolve)))
  for (let n = 0; n < 8; n++) removals.add(spent(`spent ${n}`))
  expect(removed).toEqual([])
  removals.add(spent('one too many'))
  expect(removed).toEqual(['spent 0'])
  end()
  await command
  await removals.drained()
  expect([removed.length, removals.size]).toEqual([9, 0])
})

it('a drain waits for no command', async () => {
  const { removed, removals } = recording()
  void removals.during(() => new Promise<void>(() => {}))
  removals.add(spent('a'))
  await removals.drained()
  expect(removed).toEqual(['a'])
})

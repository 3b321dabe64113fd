import { describe, expect, it } from '@jest/globals'
import type { WireFile } from '@cooperage/contracts'
import { DraftStore } from './draft-store.js'

const file = (path: string, content: string): WireFile => ({ path, content, encoding: 'utf8' })

function memory(setItem?: () => void) {
  const map = new Map<string, string>()
  return {
    getItem: (key: string) => map.get(key) ?? null,
    removeItem: (key: string) => void map.delete(key),
    setItem: setItem ?? ((key: string, value: string) => void map.set(key, value)),
  }
}
type Memory = ReturnType<typeof memory>
const open = (storage: Memory, revision = 'r1') =>
  new DraftStore({ key: 'draft', revision, starter: [file('run.sh', 'starter')], storage })
const contents = (store: DraftStore) => store.snapshot().files.map((f) => `${f.path}=${f.content}`)

describe('a draft', () => {
  it('begins with the starter, and outlives the page', () => {
    const storage = memory()
    const store = open(storage)
    expect(contents(store)).toEqual(['run.sh=starter'])
    store.setText('run.sh', 'mine')
    expect(store.snapshot().save).toBe('pending')
    store.flush()
    expect(store.snapshot().save).toBe('saved')
    expect(contents(open(storage))).toEqual(['run.sh=mine'])
  })
  it('says when the lab has changed since', () => {
    const storage = memory()
    const store = open(storage)
    store.add('a.sh')
    store.flush()
    expect(open(storage, 'r1').snapshot().outdated).toBe(false)
    expect(open(storage, 'r2').snapshot().outdated).toBe(true)
  })
  it('adds, renames and removes in the order of paths', () => {
    const store = open(memory())
    store.add('b.sh')
    store.rename('run.sh', 'a.sh')
    expect(contents(store)).toEqual(['a.sh=starter', 'b.sh='])
    store.remove('a.sh')
    expect(contents(store)).toEqual(['b.sh='])
    store.flush()
  })
  it('goes back to the starter, and forgets what was stored', () => {
    const storage = memory()
    const store = open(storage)
    store.setText('run.sh', 'mine')
    store.flush()
    store.reset()
    expect(contents(store)).toEqual(['run.sh=starter'])
    expect(contents(open(storage))).toEqual(['run.sh=starter'])
  })
  it('makes a new generation when its text is replaced from outside the editor, not by typing', () => {
    const store = open(memory())
    store.setText('run.sh', 'typed')
    expect(store.snapshot().generation).toBe(0)
    store.replace([file('run.sh', 'loaded')])
    expect(store.snapshot().generation).toBe(1)
    store.flush()
  })
  it('says when it cannot be saved, and goes on', () => {
    const store = open(
      memory(() => {
        throw new Error('quota')
      }),
    )
    store.setText('run.sh', 'mine')
    store.flush()
    expect(store.snapshot().save).toBe('failed')
    expect(contents(store)).toEqual(['run.sh=mine'])
  })
  it.each(['{', '{"files":1}', 'null'])('takes the starter when storage holds %s', (value) => {
    const storage = memory()
    storage.setItem('draft', value)
    expect(contents(open(storage))).toEqual(['run.sh=starter'])
  })
})

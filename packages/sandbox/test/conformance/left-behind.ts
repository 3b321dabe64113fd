/** Nothing stays. */
import { describe, expect, test } from '@jest/globals'
import { shell, stdoutOf, type Lab } from '../lab.js'

export function leavingNothing(lab: () => Lab): void {
  describe('what is left behind', () => {
    test('nothing, once disposed containers are drained', async () => {
      const started = await lab().engine.start(lab().spec())
      const ready = await lab().ready()
      await started[Symbol.asyncDispose]()
      await ready[Symbol.asyncDispose]()
      expect(lab().engine.removing).toBeGreaterThan(0)
      await lab().engine.drained()
      expect(lab().engine.removing).toBe(0)
      expect(await lab().engine.removeAll()).toBe(0)
    })

    test('a sweep removes what has no living owner, and nothing else', async () => {
      await lab().engine.drained()
      const [alive, dead] = await Promise.all([
        lab().engine.start(lab().spec({ owner: { worker: 'alive', pod: 'a' } })),
        lab().engine.start(lab().spec({ owner: { worker: 'dead', pod: 'b' }, role: 'grader' })),
      ])
      const seen: unknown[] = []
      const isAlive = (owner: { worker: string }) => {
        seen.push(owner)
        return owner.worker === 'alive'
      }
      expect(await lab().engine.sweep(isAlive, 60_000)).toBe(0)
      expect(await lab().engine.sweep(isAlive, 0)).toBe(1)
      expect(seen).toContainEqual({ worker: 'dead', pod: 'b', kind: 'grader' })
      const container = await alive.put([])
      expect(stdoutOf(await container.run(shell('echo alive')))).toBe('alive')
      await expect(dead.put([])).rejects.toThrow('lost')
      expect(dead.usable).toBe(false)
      expect(await lab().engine.removeAll('other')).toBe(0)
      expect(await lab().engine.removeAll()).toBe(1)
    })
  })
}

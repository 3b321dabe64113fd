// Cleans up after a launcher that was killed and could not do it itself. It runs beside the launcher, holds one end of a pipe, and
// learns from its end that the launcher is gone; a launcher that stopped all by itself says so first.

import { existsSync, rmSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { tryLock } from '../boot/locks.mjs'
import { farewell } from './guard.js'
import { isRoot } from './host/accounts.js'
import { openInstallation } from './installation.js'
import { clearEngine, placeOfEngine } from './services/engine-place.js'
import { endLeftover } from './supervise/child.js'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('the state folder is missing')
const said = await text(process.stdin)
if (said !== farewell && existsSync(folder)) {
  const lock = await lockAfterDeath(folder)
  if (lock) {
    console.log('the launcher is gone: ending what it started')
    const installation = openInstallation(folder)
    await Promise.all(['worker', 'api'].map((service) => endLeftover(installation.runFile(service))))
    rmSync(installation.runFile('lab-engine'), { force: true })
    if (isRoot()) await clearEngine(installation, placeOfEngine(installation))
    await Promise.all([
      endLeftover(installation.runFile('redis')),
      endLeftover(installation.runFile('postgres'), 'SIGINT'),
    ])
    console.log('done')
    lock.release()
  }
}

/**
 * The kernel closes what a dead process had open one by one: the lock may come free a moment after the pipe. Whoever has it after that
 * is the next launcher, which cleans up itself; with it in our hands, the next launcher waits.
 */
async function lockAfterDeath(folder: string) {
  const deadline = performance.now() + 2000
  for (;;) {
    const lock = await tryLock('clean', folder)
    if (lock || performance.now() > deadline) return lock
    await wait(20)
  }
}

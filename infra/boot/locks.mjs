// Locks between processes: an abstract Unix socket of a name of ours. The kernel gives it to one process and takes it back when that
// process ends, however it ends, so that there is no stale lock to clean up.

import { createHash } from 'node:crypto'
import net from 'node:net'
import { realpathSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * @param {string} purpose
 * @param {string} folder an existing folder
 * @returns {Promise<{release: () => void} | undefined>} undefined when another process holds the lock
 */
export function tryLock(purpose, folder) {
  const place = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)
  const server = net.createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(`\0cooperage-${purpose}-${place}`, () => {
      server.unref()
      resolve({ release: () => void server.close() })
    })
  })
}

/**
 * Waits until the lock is free.
 * @param {string} purpose
 * @param {string} folder
 * @param {() => void} onWait called once, when the lock is held by another process
 */
export async function lock(purpose, folder, onWait) {
  let waiting = false
  for (;;) {
    const held = await tryLock(purpose, folder)
    if (held) return held
    if (!waiting) onWait()
    waiting = true
    await wait(300)
  }
}

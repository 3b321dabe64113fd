import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import type { Installation } from './installation.js'
import { basicEnv } from './supervise/child.js'

/** What a launcher tells its guardian when it has stopped everything itself. */
export const farewell = 'stopped'

/** Starts the guardian of this process. The returned function sends it away; without that it cleans up when this process ends. */
export function startGuardian(installation: Installation): () => void {
  const log = openSync(installation.openLog('guardian'), 'a', 0o600)
  const script = path.join(import.meta.dirname, 'guardian.js')
  const child = spawn(process.execPath, ['--max-old-space-size=64', script, installation.folder], {
    // Its own session, so that what ends the launcher does not end it too.
    detached: true,
    env: basicEnv(),
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  child.once('error', () => undefined)
  child.stdin?.on('error', () => undefined)
  child.unref()
  return () => void child.stdin?.end(farewell)
}

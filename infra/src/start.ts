// `npm start`: brings everything up, side by side where it can, keeps it up, and takes it down again.

import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { lock as acquireLock, tryLock } from '../boot/locks.mjs'
import type { StartOptions } from '../boot/options.mjs'
import type { Progress } from '../boot/progress.mjs'
import { Trouble } from '../boot/trouble.mjs'
import { startGuardian } from './guard.js'
import { findListener, isFree } from './host/ports.js'
import { type Installation, openInstallation } from './installation.js'
import { Launch } from './launch.js'
import { untilStopped } from './stop-signal.js'
import { endLeftover } from './supervise/child.js'

/** Returns when everything has been stopped again. */
export async function start(options: StartOptions, root: string, progress: Progress): Promise<void> {
  const stopping = untilStopped()
  const installation = openInstallation(options.data)
  await claim(installation, options, progress)
  const sendGuardianAway = startGuardian(installation)
  const launch = new Launch(installation, options, root, progress, stopping)
  try {
    await launch.bringUp()
    if (!stopping.aborted)
      await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }))
  } catch (error) {
    // What an interrupted step says about its end is not news to the person who interrupted it.
    if (!stopping.aborted) throw error
  } finally {
    await launch.takeDown()
    sendGuardianAway()
    rmSync(installation.runFile('launcher'), { force: true })
  }
  progress.line('Stopped. The data is kept.')
}

/** This process alone may use the state folder and the port. */
async function claim(
  installation: Installation,
  { host, port, data }: StartOptions,
  progress: Progress,
): Promise<void> {
  const lock = await tryLock('run', installation.folder)
  if (!lock) {
    const runs = readFileSync(installation.runFile('launcher'), { encoding: 'utf8', flag: 'a+' })
    throw new Trouble(
      `Cooperage already runs with the state folder ${data}${runs && ` (${runs})`}.`,
      'Stop it with Ctrl-C where it was started, or give this one a folder of its own with --data <folder>.',
    )
  }
  // Kept until this process ends: it keeps a guardian from cleaning up under us.
  await acquireLock('clean', installation.folder, () =>
    progress.line('Waiting for the end of a start that was killed.'),
  )
  writeFileSync(installation.runFile('launcher'), `process ${process.pid}, port ${port}`)
  const { bavail, bsize } = statfsSync(installation.folder)
  if (bavail * bsize < 500e6) {
    throw new Trouble(
      `Only ${Math.round((bavail * bsize) / 1e6)} MB are free where ${data} is, and at least 500 MB are needed.`,
      'Free some space, or choose another disk with --data <folder>.',
    )
  }
  for (const service of ['worker', 'api']) await endLeftover(installation.runFile(service))
  const free = await isFree(port, host).catch((error: NodeJS.ErrnoException) => {
    throw new Trouble(
      error.code === 'EACCES'
        ? `Port ${port} is reserved to root.`
        : `${host} is not an address of this machine.`,
      'Choose another with --port <number> or --host <address>.',
    )
  })
  if (free) return
  const listener = findListener(port)
  throw new Trouble(
    `Port ${port} is in use${listener ? ` by ${listener}` : ''}.`,
    'Stop what uses it, or choose another port with --port <number> or PORT.',
  )
}

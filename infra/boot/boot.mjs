// Options, the locks, dependencies and build; then the launcher proper takes over in this process.

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { lock } from './locks.mjs'
import { parseOptions, startHelp, testHelp } from './options.mjs'
import { prepare } from './prepare.mjs'
import { createProgress } from './progress.mjs'
import { describeTrouble } from './trouble.mjs'

const root = path.resolve(fileURLToPath(import.meta.url), '../../..')

/** @param {string[]} argv */
export async function boot(argv) {
  try {
    const options = parseOptions(argv, process.env, root, process.env.INIT_CWD ?? process.cwd())
    if (options.help) {
      process.stdout.write(options.command === 'start' ? startHelp : testHelp)
      return
    }
    const progress = createProgress()
    const logs = path.join(root, '.cooperage', 'logs')
    mkdirSync(logs, { recursive: true, mode: 0o700 })
    // Two that install or build in one folder would spoil each other's work: the second waits.
    const held = await lock('prepare', root, () =>
      progress.line('Another npm start or npm test is building in this folder; waiting for it.'),
    )
    await prepare(root, { progress, rebuild: options.rebuild, logs })
    held.release()
    const { main } = await import(pathToFileURL(path.join(root, 'infra/dist/main.js')).href)
    await main(options, root, progress)
  } catch (error) {
    process.stderr.write(`\n${describeTrouble(error)}\n`)
    if (process.env.COOPERAGE_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exitCode = 1
  }
}

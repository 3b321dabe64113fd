import { spawnSync } from 'node:child_process'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { canInstall, installAdvice, installPackages } from '../host/apt.js'
import { findProgram } from '../host/binaries.js'

/**
 * A Chromium or Chrome that runs: CHROMIUM_PATH, one that is installed, or the distribution's package.
 * @throws {Trouble} when there is none and none can be installed
 */
export async function provideChromium(env: NodeJS.ProcessEnv, progress: Progress): Promise<string> {
  if (env.CHROMIUM_PATH) {
    if (runs(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH
    throw new Trouble(
      `CHROMIUM_PATH is ${env.CHROMIUM_PATH}, which does not run.`,
      'Correct it, or leave it away.',
    )
  }
  const found = find()
  if (found) return found
  if (canInstall()) {
    await installPackages(['chromium'], progress)
    const installed = find()
    if (installed) return installed
  }
  throw new Trouble(
    'There is no Chromium for the browser tests.',
    `${installAdvice(['chromium'])} Or name one in CHROMIUM_PATH.`,
  )
}

function find(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return names.flatMap((name) => findProgram(name) ?? []).find(runs)
}

/** Ubuntu has a script of that name that only says how to get the program. */
function runs(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}

import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { canInstall, installAdvice, installPackages } from '../host/apt.js'
import { findProgram } from '../host/binaries.js'

/** gVisor, under which the sandbox's tests run a second time: one that is installed, the distribution's package, or none. */
export async function provideGvisor(env: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
  if (env.RUNSC_PATH || findProgram('runsc')) return
  try {
    if (!canInstall()) throw new Trouble('gVisor is not installed.', installAdvice(['runsc']))
    await installPackages(['runsc'], progress)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    progress.warn(`Tests under gVisor will be SKIPPED: ${error.message} ${error.advice}`)
  }
}

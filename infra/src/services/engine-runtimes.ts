// The runtimes that the private engine is told of beside its own runc: gVisor, where it is installed and works.

import { type EngineRuntime, findGvisor } from '@cooperage/sandbox'
import { Trouble } from '../../boot/trouble.mjs'

/**
 * By name, as the engine's settings have them.
 * @throws {Trouble} when LAB_RUNTIME names one that is not among them
 */
export async function furtherRuntimes(env: NodeJS.ProcessEnv): Promise<Record<string, EngineRuntime>> {
  const gvisor = await findGvisor(env)
  const runtimes: Record<string, EngineRuntime> = 'missing' in gvisor ? {} : { runsc: gvisor }
  const wanted = env.LAB_RUNTIME || 'runc'
  if (wanted === 'runc' || wanted in runtimes) return runtimes
  const known = ['runc', ...Object.keys(runtimes)].join(', ')
  throw new Trouble(
    `LAB_RUNTIME is ${wanted}, which the private engine does not have: it has ${known}.${'missing' in gvisor ? ` ${gvisor.missing}` : ''}`,
    'Install gVisor (Debian has it in the package runsc), or leave LAB_RUNTIME away.',
  )
}

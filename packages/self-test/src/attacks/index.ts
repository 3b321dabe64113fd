/** All attacks, in the order in which they are told. */
import type { Attack } from '../attack.js'
import { disk } from './disk.js'
import { endings } from './endings.js'
import { files } from './files.js'
import { grader } from './grader.js'
import { host } from './host.js'
import { identity } from './identity.js'
import { kernel } from './kernel.js'
import { neighbours } from './neighbours.js'
import { network } from './network.js'
import { pods } from './pods.js'
import { processes } from './processes.js'
import { resources } from './resources.js'
import { secrets } from './secrets.js'
import { verdict } from './verdict.js'

export const attacks: readonly Attack[] = [
  ...identity,
  ...kernel,
  ...processes,
  ...network,
  ...pods,
  ...files,
  ...host,
  ...resources,
  ...disk,
  ...endings,
  ...secrets,
  ...verdict,
  ...grader,
  ...neighbours,
]

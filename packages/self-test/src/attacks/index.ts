/** All attacks, in the order in which they are told. */
import type { Attack } from '../attack.js'
import { identity } from './identity.js'

export const attacks: readonly Attack[] = [...identity]

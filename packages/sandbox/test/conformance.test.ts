/** The port's behaviour, under the engine's own runtime and, where it is installed, under gVisor. */
import { conformance } from './conformance/index.js'
import { gvisorMissing } from './lab.js'

conformance('runc')
conformance('runsc', await gvisorMissing())

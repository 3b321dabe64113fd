/** The port's behaviour, under the engine's own runtime and, where it is installed, under gVisor. */
import { conformance } from './conformance/index.js'
import { gvisorForTests } from './lab.js'

const gvisor = await gvisorForTests()
if ('missing' in gvisor) console.warn(`SKIPPED, under gVisor: ${gvisor.missing}`)

conformance('runc')
conformance('runsc', 'missing' in gvisor ? gvisor.missing : undefined)

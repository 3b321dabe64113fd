import { Initial1764000000000 } from './1764000000000-initial.js'
import { SandboxFacts1764200000000 } from './1764200000000-sandbox-facts.js'
import { LastGradings1764300000000 } from './1764300000000-last-gradings.js'

/** In the order in which they run. */
export const migrations = [Initial1764000000000, SandboxFacts1764200000000, LastGradings1764300000000]

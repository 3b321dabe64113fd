import { availableParallelism } from 'node:os'
import { z } from 'zod'

/** A value that must not be seen: it prints as `[secret]` wherever it is logged or serialised. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
}
const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value))

/** Every variable of the worker's environment, read once at boot. It has no database credentials, and wants none. */
const Environment = z.object({
  /** Redis, with the worker's own user. */
  REDIS_URL: secret,
  /** Where bundles of labs come from: the API's address without a path. */
  API_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  /** Opens the API's internal routes. */
  WORKER_TOKEN: secret,
  /** The lab engine: `unix:///path` or `tcp://host:port`. */
  DOCKER_HOST: z.string().min(1),
  /** Folder with `ca.pem`, `cert.pem` and `key.pem`, for an engine behind TLS. */
  DOCKER_CERT_PATH: z.string().min(1).optional(),
  /** Written into the labels of containers: a sweep touches no other installation's. */
  INSTALLATION_ID: z.string().min(1).max(64),
  /** The engine's name of the runtime that labs run under, as in `runsc`; default the engine's own default. */
  LAB_RUNTIME: z.string().min(1).max(64).optional(),
  /** Gradings at once. */
  LAB_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(availableParallelism()),
  /** Memory of the lab host that gradings under way may take together, in MiB; default three quarters of what it has. */
  LAB_MEMORY_MB: z.coerce.number().int().min(64).optional(),
  /** Started containers that wait for a submission, over all labs. 0: none. */
  LAB_WARM_MAX: z.coerce.number().int().min(0).max(200).default(16),
  /** What they may take of the lab host's memory together, in MiB, as measured: an idle one takes about 5. */
  LAB_WARM_MEMORY_MB: z.coerce.number().int().min(0).default(256),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export type Configuration = z.infer<typeof Environment>

/** Throws an Error that names each variable that is missing or wrong, and shows no value. */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  // A variable that is set to nothing is one that is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The worker's environment is not complete:\n${faults.join('\n')}`)
}

import { isIP } from 'node:net'
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
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

const secret = (description: string, minimum = 1) =>
  z
    .string({ error: description })
    .min(minimum, `${description}, at least ${minimum} characters`)
    .transform((value) => new Secret(value))
const optional = z
  .string()
  .optional()
  .transform((value) => (value ? value : null))

/** An address, or one with the length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/')
  const bits = isIP(address) === 6 ? 128 : isIP(address) === 4 ? 32 : -1
  return (
    more.length === 0 &&
    bits > 0 &&
    (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits))
  )
}

/** Each environment variable of the API, read once at boot. */
const Environment = z.object({
  DATABASE_URL: secret('the address of Postgres, as in postgres://user:password@host:5432/cooperage'),
  REDIS_URL: secret('the address of Redis, as in redis://:password@host:6379'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'the address that people type, as in https://learn.example.org' })
    .transform((url) => url.replace(/\/+$/, '')),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((entry) => entry.trim() || []))
    .refine((list) => list.every(isNetwork), 'addresses or networks, as in 127.0.0.1,10.0.0.0/8'),
  COOPERAGE_SECRET: secret('the key that this installation encrypts and signs with', 32),
  WORKER_TOKEN: secret('the token with which lab hosts fetch labs, without spaces', 32).refine(
    (token) => /^\S+$/.test(token.reveal()),
    'has a space',
  ),
  COOPERAGE_COURSES: z
    .string()
    .default('')
    .transform((folders) => folders.split(':').filter((folder) => folder !== '')),
  LAB_IMAGES_DIR: z.string().default('docker/labs'),
  WEB_ROOT: optional,
  DEMO_FILE: optional,
  // No default: a file that is made where nobody expects it is one that nobody keeps. Without it there are no receipts.
  RECEIPT_KEYS_FILE: optional,
  INSTALLATION_ID: z.string().min(1).max(64).default('cooperage'),
  LABS_OFF_REASON: optional,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export type Configuration = z.output<typeof Environment>
/** Injection token of the Configuration. */
export const CONFIGURATION = Symbol('configuration')

/** Throws an Error that names each missing or wrong variable, and shows no value. */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const parsed = Environment.safeParse(environment)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The configuration is not complete:\n${faults.join('\n')}`)
}

import type { FastifyRequest } from 'fastify'
import { bearerOf } from './authentication.js'
import type { Configuration } from './config.js'
import { Problem } from './problem.js'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Where the page may be served: its public address, and this machine at the same ports. */
export function allowedOrigins({
  PUBLIC_URL,
  PORT,
}: Pick<Configuration, 'PUBLIC_URL' | 'PORT'>): Set<string> {
  const address = new URL(PUBLIC_URL)
  const ports = new Set([String(PORT), address.port || (address.protocol === 'https:' ? '443' : '80')])
  const local = [...ports].flatMap((port) =>
    ['localhost', '127.0.0.1'].map((host) => new URL(`http://${host}:${port}`).origin),
  )
  return new Set([address.origin, ...local])
}

/**
 * Refuses what another site makes a browser send. Browsers name the origin of every unsafe request; programs, which have
 * no cookies of someone else to misuse, need not. A Bearer token is no cookie.
 */
export function refuseForeignOrigin(request: FastifyRequest, allowed: ReadonlySet<string>): void {
  if (safeMethods.has(request.method) || bearerOf(request) !== null) return
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign = origin === undefined ? site === 'cross-site' || site === 'same-site' : !allowed.has(origin)
  if (foreign) throw new Problem('origin_refused')
}

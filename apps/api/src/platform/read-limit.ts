import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { Redis } from 'ioredis'
import { Problem } from './problem.js'

export const readsPerMinute = 3_000
const reading = new Set(['GET', 'HEAD'])

/** Signed-in people may read so often; what they send is queued instead. Without Redis nobody is limited: reading goes on. */
export async function limitReads(instance: FastifyInstance, redis: Redis): Promise<void> {
  await instance.register(rateLimit, {
    global: true,
    max: readsPerMinute,
    timeWindow: 60_000,
    redis,
    nameSpace: 'cooperage:reads:',
    skipOnError: true,
    keyGenerator: (request) => request.caller?.id ?? request.ip,
    allowList: (request) => !reading.has(request.method) || request.caller === null,
    errorResponseBuilder: (_request, context) =>
      new Problem('too_many_requests', { detail: `Try again in ${context.after}.` }),
  })
}

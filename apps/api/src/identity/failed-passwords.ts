import { Inject, Injectable } from '@nestjs/common'
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { Problem, REDIS } from '../platform/index.js'
import { networkOf } from './address.js'

const windowSeconds = 15 * 60
export const failuresPerPerson = 10
/** Many people of one school share an address. */
const failuresPerAddress = 100

/** Counts wrong passwords, and only those, for each e-mail at an address (of IPv6: a network) and for each address. Kept in memory while Redis is away. */
@Injectable()
export class FailedPasswords {
  private readonly byPerson: RateLimiterRedis
  private readonly byAddress: RateLimiterRedis

  constructor(@Inject(REDIS) redis: Redis) {
    const limiter = (keyPrefix: string, points: number) =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `cooperage:${keyPrefix}`,
        points,
        duration: windowSeconds,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory({ points, duration: windowSeconds }),
      })
    this.byPerson = limiter('failed-person', failuresPerPerson)
    this.byAddress = limiter('failed-address', failuresPerAddress)
  }

  /** Throws `too_many_requests` when there were too many. */
  async refuseIfTooMany(email: string, address: string): Promise<void> {
    const network = networkOf(address)
    refuseBeyond(await this.byPerson.get(personKey(email, network)), failuresPerPerson)
    refuseBeyond(await this.byAddress.get(network), failuresPerAddress)
  }

  async count(email: string, address: string): Promise<void> {
    const network = networkOf(address)
    await Promise.allSettled([
      this.byPerson.consume(personKey(email, network)),
      this.byAddress.consume(network),
    ])
  }
}

const personKey = (email: string, network: string) => `${email} ${network}`

function refuseBeyond(state: RateLimiterRes | null, points: number): void {
  if (!state || state.consumedPoints < points) return
  const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000))
  throw new Problem('too_many_requests', {
    detail: 'Too many wrong passwords. Wait a little, then try again.',
    headers: { 'retry-after': String(seconds) },
  })
}

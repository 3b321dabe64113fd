import { Inject, Injectable } from '@nestjs/common'
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { Problem, REDIS } from '../platform/index.js'

const windowSeconds = 15 * 60
export const failuresPerPerson = 10
/** Many people of one school share an address. */
const failuresPerAddress = 100

/** Counts wrong passwords, and only those, for each e-mail at an address and for each address. Kept in memory while Redis is away. */
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
    refuseBeyond(await this.byPerson.get(personKey(email, address)), failuresPerPerson)
    refuseBeyond(await this.byAddress.get(address), failuresPerAddress)
  }

  async count(email: string, address: string): Promise<void> {
    await Promise.allSettled([
      this.byPerson.consume(personKey(email, address)),
      this.byAddress.consume(address),
    ])
  }
}

const personKey = (email: string, address: string) => `${email} ${address}`

function refuseBeyond(state: RateLimiterRes | null, points: number): void {
  if (!state || state.consumedPoints < points) return
  const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000))
  throw new Problem('too_many_requests', {
    detail: 'Too many wrong passwords. Wait a little, then try again.',
    headers: { 'retry-after': String(seconds) },
  })
}

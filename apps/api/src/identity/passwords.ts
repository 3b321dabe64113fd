import { Injectable } from '@nestjs/common'
import { hash, verify } from '@node-rs/argon2'

/** Argon2id with 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, cost)

@Injectable()
export class Passwords {
  /** Of a password that nobody has: checked against when there is no such person, so that both take the same time. */
  private readonly nobodys = hashPassword(crypto.randomUUID())

  hash(password: string): Promise<string> {
    return hashPassword(password)
  }

  /** `stored` null: no such person, or no password yet. Takes as long, and is false. */
  async matches(stored: string | null, password: string): Promise<boolean> {
    const equal = await verify(stored ?? (await this.nobodys), password)
    return stored !== null && equal
  }
}

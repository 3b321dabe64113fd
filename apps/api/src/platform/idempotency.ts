import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import { Database } from '../data/index.js'
import { CONFIGURATION, type Configuration } from './config.js'
import { Problem } from './problem.js'
import { decrypt, deriveKey, encrypt } from './secrets.js'

export interface StoredAnswer {
  status: number
  location: string | null
  body: unknown
}
interface KeyRow {
  route: string
  requestHash: string
  status: number | null
  response: Buffer | null
}

const keptHours = 24
/** Longer than any request takes. */
const leaseSeconds = 60
const pollMs = 100
const patienceMs = 20_000

/**
 * `Idempotency-Key`: the first request with a key is answered by the handler, each later one with the same answer.
 * A request that comes while the first is being answered waits for it. A failed request frees its key.
 */
@Injectable()
export class IdempotencyKeys {
  private readonly encryptionKey: Buffer

  constructor(
    private readonly database: Database,
    @Inject(CONFIGURATION) configuration: Configuration,
  ) {
    this.encryptionKey = deriveKey(configuration.COOPERAGE_SECRET, 'idempotency')
  }

  /** The stored answer, or null: then the key is the caller's to answer, with `store` or `release`. */
  async claim(userId: string, key: string, route: string, body: unknown): Promise<StoredAnswer | null> {
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      throw new Problem('bad_request', {
        detail: 'An Idempotency-Key has 1 to 200 visible ASCII characters.',
      })
    const hash = hashOf(body)
    const deadline = Date.now() + patienceMs
    do {
      if (await this.take(userId, key, route, hash)) return null
      const row = await this.find(userId, key)
      if (row && (row.route !== route || row.requestHash !== hash)) throw new Problem('idempotency_conflict')
      if (row?.response) return JSON.parse(decrypt(this.encryptionKey, row.response)) as StoredAnswer
      await delay(pollMs)
    } while (Date.now() < deadline)
    throw new Problem('idempotency_conflict', {
      detail: 'The first request with this key is still being answered.',
    })
  }

  async store(userId: string, key: string, answer: StoredAnswer): Promise<void> {
    await this.database.query(
      'UPDATE idempotency_key SET status = $3, response = $4 WHERE user_id = $1 AND key = $2',
      [userId, key, answer.status, encrypt(this.encryptionKey, JSON.stringify(answer))],
    )
  }

  async release(userId: string, key: string): Promise<void> {
    await this.database.query(
      'DELETE FROM idempotency_key WHERE user_id = $1 AND key = $2 AND status IS NULL',
      [userId, key],
    )
  }

  /** True when the key is new, or old enough to be free, or its first request died with its process. */
  private async take(userId: string, key: string, route: string, hash: string): Promise<boolean> {
    const taken = await this.database.query(
      `INSERT INTO idempotency_key AS k (user_id, key, route, request_hash, leased_until, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), now() + make_interval(hours => $6))
       ON CONFLICT (user_id, key) DO UPDATE
          SET route = excluded.route, request_hash = excluded.request_hash, status = NULL, response = NULL,
              leased_until = excluded.leased_until, expires_at = excluded.expires_at
        WHERE k.expires_at < now()
           OR (k.status IS NULL AND k.leased_until < now()
               AND k.route = excluded.route AND k.request_hash = excluded.request_hash)
       RETURNING 1`,
      [userId, key, route, hash, leaseSeconds, keptHours],
    )
    return taken.length > 0
  }

  private find(userId: string, key: string): Promise<KeyRow | null> {
    return this.database.one<KeyRow>(
      `SELECT route, request_hash AS "requestHash", status, response
         FROM idempotency_key WHERE user_id = $1 AND key = $2`,
      [userId, key],
    )
  }
}

/** The body is not validated yet: nested deep enough, it cannot be written as text. */
function hashOf(body: unknown): string {
  try {
    return createHash('sha256')
      .update(JSON.stringify(body ?? null))
      .digest('hex')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Problem('validation_failed', { detail: 'The body is nested too deep.' })
  }
}

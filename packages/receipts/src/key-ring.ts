import { receiptAlgorithm, receiptType, ReceiptClaims, type ReceiptKeys } from '@cooperage/contracts'
import { CompactSign, importJWK } from 'jose'
import { newRing, type Ring } from './keys.js'
import { createRing, readRing, readStamp, type StoredRing } from './ring-file.js'
import { rotateKeys } from './rotation.js'

const day = 24 * 60 * 60 * 1000
/** After a rotation by age that failed, the key that is there signs for so long before the next try. */
const retryMs = 10 * 60 * 1000

export interface KeyRingOptions {
  /** Age in milliseconds at which the active key is replaced. Default 90 days. */
  maxAgeMs?: number
  /** A new file was made, or a rotation by age failed: for the log. */
  onEvent?: (event: { made: string } | { failed: Error }) => void
}

/** The keys of one installation, shared by all its processes through one file, and read again when another one changed it. */
export class KeyRing {
  #notBefore = 0
  #rotating: Promise<void> | null = null

  private constructor(
    private readonly file: string,
    private readonly options: KeyRingOptions,
    private stored: StoredRing,
  ) {}

  /** Makes the file when there is none. Throws KeyRingFault when what is there cannot be used. */
  static async open(file: string, options: KeyRingOptions = {}): Promise<KeyRing> {
    if (await createRing(file, () => newRing(new Date()))) options.onEvent?.({ made: file })
    return new KeyRing(file, options, await readRing(file))
  }

  /** A compact JWS. Throws KeyRingFault when the file cannot be used any more, ZodError when the claims are not those of a receipt. */
  async sign(claims: ReceiptClaims): Promise<string> {
    const payload = Buffer.from(JSON.stringify(ReceiptClaims.parse(claims)))
    if (this.#overdue((await this.#ring()).active)) await this.#rotateByAge()
    const { kid, jwk } = (await this.#ring()).active
    return new CompactSign(payload)
      .setProtectedHeader({ alg: receiptAlgorithm, typ: receiptType, kid })
      .sign(await importJWK(jwk, receiptAlgorithm))
  }

  /** Every key that ever signed, without its private part: the active one first. Throws KeyRingFault. */
  async publicKeys(): Promise<ReceiptKeys> {
    const { active, retired } = await this.#ring()
    return {
      keys: [active, ...retired].map(({ kid, jwk: { kty, crv, x } }) => ({
        kid,
        kty,
        crv,
        x,
        alg: receiptAlgorithm,
        use: 'sig',
      })),
    }
  }

  async #ring(): Promise<Ring> {
    if ((await readStamp(this.file)) !== this.stored.stamp) this.stored = await readRing(this.file)
    return this.stored.ring
  }

  #overdue({ createdAt }: Ring['active']): boolean {
    return Date.now() - Date.parse(createdAt) >= (this.options.maxAgeMs ?? 90 * day)
  }

  /** Once at a time, and once for all processes. An old key is better than no receipt. */
  #rotateByAge(): Promise<void> {
    if (Date.now() < this.#notBefore) return Promise.resolve()
    this.#rotating ??= rotateKeys(this.file, ({ active }) => this.#overdue(active))
      .then(
        () => undefined,
        (error: unknown) => {
          this.#notBefore = Date.now() + retryMs
          this.options.onEvent?.({ failed: error instanceof Error ? error : new Error(String(error)) })
        },
      )
      .finally(() => {
        this.#rotating = null
      })
    return this.#rotating
  }
}

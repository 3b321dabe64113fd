import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import type { ReceiptClaims, ReceiptKeys } from '@cooperage/contracts'
import { KeyRing, KeyRingFault } from '@cooperage/receipts'
import { CONFIGURATION, LOGGER, Problem, type Configuration, type Logger } from '../platform/index.js'

/** The keys that this installation signs receipts with, if it has any. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  #ring: KeyRing | null = null

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Makes the file at the first start. Keys that cannot be used keep the API from starting: later it would show only when somebody
   * needs a receipt. Throws KeyRingFault, which says what to do.
   */
  async onModuleInit(): Promise<void> {
    const file = this.configuration.RECEIPT_KEYS_FILE
    if (file === null) {
      this.log.warn('RECEIPT_KEYS_FILE is not set: no receipts are signed')
      return
    }
    this.#ring = await KeyRing.open(file, {
      onEvent: (event) => {
        if ('made' in event) this.log.info({ file }, 'made the keys of receipts: keep a copy of this file')
        else
          this.log.warn({ err: event.failed.message }, 'the key of receipts is old and could not be rotated')
      },
    })
  }

  /** A compact JWS. */
  sign(claims: ReceiptClaims): Promise<string> {
    return this.#use((ring) => ring.sign(claims))
  }

  /** Public parts, the active key first. */
  published(): Promise<ReceiptKeys> {
    return this.#use((ring) => ring.publicKeys())
  }

  async #use<Result>(work: (ring: KeyRing) => Promise<Result>): Promise<Result> {
    if (!this.#ring)
      throw new Problem('unavailable', {
        detail: 'This installation signs no receipts: it has no keys for them.',
      })
    try {
      return await work(this.#ring)
    } catch (error) {
      if (!(error instanceof KeyRingFault)) throw error
      // Where the file is, is the operator's business.
      this.log.error({ err: error.message }, 'the keys of receipts cannot be used')
      throw new Problem('unavailable', {
        detail:
          'Receipts cannot be signed or checked at the moment. The operator finds the reason in the log.',
      })
    }
  }
}

import { Controller } from '@nestjs/common'
import { ReceiptKeys, route, routes } from '@cooperage/contracts'
import { Endpoint, type Input } from '../platform/index.js'
import { Receipts } from './receipts.js'
import { SigningKeys } from './signing-keys.js'

const keySet = route({
  method: 'GET',
  path: '/.well-known/jwks.json',
  who: 'anyone',
  status: 200,
  summary: 'The keys that receipts are checked with: a JWK set',
  response: ReceiptKeys,
})

@Controller()
export class ReceiptsController {
  constructor(
    private readonly receipts: Receipts,
    private readonly keys: SigningKeys,
  ) {}

  @Endpoint(routes.getReceipt)
  getReceipt({ params, reply }: Input<typeof routes.getReceipt>) {
    return this.receipts.send(params.submission, reply)
  }

  @Endpoint(keySet, { prefix: '' })
  async getKeys({ reply }: Input<typeof keySet>) {
    const keys = await this.keys.published()
    // Short, so that a new key is known soon after the first receipt that it signed.
    void reply.header('cache-control', 'public, max-age=60')
    return keys
  }
}

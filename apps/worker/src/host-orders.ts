/** What this worker tells the API of its lab host, and what the API answers. */
import { LabHostOrders, type SelfTestReport } from '@cooperage/contracts'
import { ApiRefused, parseJson, type InternalApi } from './internal-api.js'

/** Both are short, and a start waits for the first. */
const bounds = { answerMs: 5_000, maxBytes: 16 << 10 }

export class HostOrders {
  constructor(private readonly api: Pick<InternalApi, 'ask'>) {}

  /** Throws ApiAway and ApiRefused. */
  async report(report: SelfTestReport): Promise<LabHostOrders> {
    return read(await this.api.ask('/lab-hosts/self-tests', { ...bounds, body: report }))
  }

  /** Throws ApiAway and ApiRefused. */
  async get(host: string): Promise<LabHostOrders> {
    return read(await this.api.ask(`/lab-hosts/${host}/orders`, bounds))
  }
}

function read(text: string): LabHostOrders {
  const parsed = LabHostOrders.safeParse(parseJson(text))
  if (!parsed.success) throw new ApiRefused('the API’s orders cannot be read')
  return parsed.data
}

import { Controller } from '@nestjs/common'
import { LabHostOrders, route, routes, SelfTestReport, Slug } from '@cooperage/contracts'
import { Endpoint, Problem, type Input } from '../platform/index.js'
import { LabHosts } from './lab-hosts.js'
import { SelfTests } from './self-tests.js'

/** Beside the contract: only lab hosts call these. */
const reportRoute = route({
  method: 'POST',
  path: '/internal/lab-hosts/self-tests',
  who: 'worker',
  status: 200,
  summary: 'What a lab host’s self-test has found',
  body: SelfTestReport,
  response: LabHostOrders,
})
const ordersRoute = route({
  method: 'GET',
  path: '/internal/lab-hosts/:host/orders',
  who: 'worker',
  status: 200,
  summary: 'What a lab host is to do',
  response: LabHostOrders,
})

/** A report with every text of it as long as it may be. */
const reportBytes = 1 << 20

@Controller()
export class LabHostsController {
  constructor(
    private readonly labHosts: LabHosts,
    private readonly selfTests: SelfTests,
  ) {}

  @Endpoint(routes.listLabHosts)
  list({ query }: Input<typeof routes.listLabHosts>) {
    return this.labHosts.list(query)
  }

  @Endpoint(routes.requestSelfTest)
  requestSelfTest({ caller, params }: Input<typeof routes.requestSelfTest>) {
    return this.labHosts.requestSelfTest(caller, params.host)
  }

  @Endpoint(routes.acceptRisk)
  acceptRisk({ caller, params, body }: Input<typeof routes.acceptRisk>) {
    return this.labHosts.acceptRisk(caller, params.host, params.row, body.reason)
  }

  @Endpoint(routes.withdrawRisk)
  withdrawRisk({ caller, params }: Input<typeof routes.withdrawRisk>) {
    return this.labHosts.withdrawRisk(caller, params.host, params.row)
  }

  @Endpoint(reportRoute, { bodyLimit: reportBytes })
  report({ body }: Input<typeof reportRoute>) {
    return this.selfTests.store(body)
  }

  @Endpoint(ordersRoute)
  orders({ params }: Input<typeof ordersRoute>) {
    if (!Slug.safeParse(params.host).success) throw new Problem('not_found')
    return this.selfTests.orders(params.host)
  }
}

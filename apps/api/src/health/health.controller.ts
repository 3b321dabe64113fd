import { Controller } from '@nestjs/common'
import { Health, route } from '@cooperage/contracts'
import { Endpoint, type Input } from '../platform/index.js'
import { Readiness } from './readiness.js'

const live = route({
  method: 'GET',
  path: '/health/live',
  who: 'anyone',
  status: 200,
  summary: 'The process runs',
  response: Health,
})
const ready = route({
  method: 'GET',
  path: '/health/ready',
  who: 'anyone',
  status: 200,
  summary: 'The system can be used; 503 while it cannot',
  response: Health,
})

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Endpoint(live, { prefix: '' })
  live() {
    return { status: 'ok' as const, dependencies: {} }
  }

  @Endpoint(ready, { prefix: '' })
  async ready({ request }: Input<typeof ready>) {
    const health = await this.readiness.check()
    if (health.status !== 'ok') request.answerStatus = 503
    return health
  }
}

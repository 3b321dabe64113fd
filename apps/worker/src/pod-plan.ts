/** Keeps the pool told of what the labs need that learners may submit to now. */
import { setTimeout as sleep } from 'node:timers/promises'
import { OpenLabs } from '@cooperage/contracts'
import { graderLimits, type PodRequest } from '@cooperage/grading'
import { ApiRefused, parseJson, type InternalApi } from './internal-api.js'
import type { Logger } from './log.js'
import type { PodPool } from './pod-pool.js'
import type { Wanted } from './warm-stock.js'

const bounds = { answerMs: 5_000, maxBytes: 1 << 20 }
/** A new course, cohort or date is heard of after so long (ms). */
const everyMs = 60_000
const againMs = 5_000
/** Of what most labs need, so many learners' containers are ready before the first submission; of the others, one. */
const readyOfMost = 12

export class PodPlan {
  private readonly stop = new AbortController()
  private running: Promise<void> = Promise.resolve()

  constructor(
    private readonly api: Pick<InternalApi, 'ask'>,
    private readonly pool: Pick<PodPool, 'plan'>,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running = this.run()
  }

  async close(): Promise<void> {
    this.stop.abort()
    await this.running
  }

  private async run(): Promise<void> {
    let heard = true
    while (!this.stop.signal.aborted) {
      const before = heard
      heard = await this.ask().catch((error: Error) => {
        // What was planned stays so until the API answers again.
        if (before) this.log.warn({ reason: error.message }, 'not told which labs are open')
        return false
      })
      await sleep(heard ? everyMs : againMs, undefined, { signal: this.stop.signal }).catch(() => undefined)
    }
  }

  private async ask(): Promise<true> {
    const answer = OpenLabs.safeParse(parseJson(await this.api.ask('/open-labs', bounds)))
    if (!answer.success) throw new ApiRefused('the API’s list of open labs cannot be read')
    this.pool.plan(plannedFor(answer.data))
    return true
  }
}

/** What most labs need comes first. */
export function plannedFor({ kinds }: OpenLabs): Wanted[] {
  const counted = new Map<string, { request: PodRequest; labs: number }>()
  const count = (request: PodRequest, labs: number) => {
    const key = JSON.stringify(request)
    counted.set(key, { request, labs: labs + (counted.get(key)?.labs ?? 0) })
  }
  for (const { imageTag: image, limits, exec, script, labs } of kinds) {
    if (exec) count({ image, role: 'learner', limits }, labs)
    if (script) count({ image, role: 'grader', limits: graderLimits(limits) }, labs)
  }
  const sorted = [...counted.values()].sort((one, other) => other.labs - one.labs)
  const most = sorted.find(({ request }) => request.role === 'learner')
  return sorted.map((kind) => ({ request: kind.request, atLeast: kind === most ? readyOfMost : 1 }))
}

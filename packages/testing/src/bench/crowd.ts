/**
 * `npm run bench:crowd`: many submissions of many learners through the whole product. Says whether each had its verdict once, how
 * fair the order was, whether the worker's memory stayed flat, and whether the platform went on answering. Two ways to use it:
 *
 *   npm run bench:crowd                                                    1,000 submissions by 50 learners, all at once
 *   npm run bench:crowd -- --learners 300 --submissions 300 --over 60      a deadline: 300 within a minute
 */
import { routes, type Submission } from '@cooperage/contracts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ApiClient } from '../api-client.js'
import { mean, median, percentile, table } from './figures.js'
import { enrol, lab, startBench, submit } from './product.js'

const { values } = parseArgs({
  options: {
    submissions: { type: 'string', default: '1000' },
    learners: { type: 'string', default: '50' },
    /** Seconds over which they arrive. */
    over: { type: 'string', default: '0' },
  },
})
const [submissions, people, over] = [values.submissions, values.learners, values.over].map(Number) as [
  number,
  number,
  number,
]

interface Sent {
  learner: number
  id: string
}

await using bench = await startBench()
const { product } = bench
const cohort = product.demo.cohortId
const learners = await enrol(product, people)
const staff = await product.as('instructor')
console.log(
  `${people} learners are enrolled; ${submissions} submissions come ${over ? `within ${over} s` : 'at once'}.`,
)

const watching = new AbortController()
const health: number[] = []
const memory: { finished: number; mib: number }[] = []
let finished = 0
const watchers = [askHealth(), weighWorker()]

const began = performance.now()
const sent = await sendAll()
const sentAfter = performance.now() - began
await untilFinished()
const took = performance.now() - began
watching.abort()
await Promise.all(watchers)
report(await Promise.all(sent.map(async ({ learner, id }) => ({ learner, verdict: await read(id) }))))

/** Twenty connections, in the order of the numbers. */
async function sendAll(): Promise<Sent[]> {
  const all: Sent[] = []
  let next = 0
  const send = async () => {
    for (let n = next++; n < submissions; n = next++) {
      const due = began + (n * over * 1000) / submissions
      await pause(Math.max(0, due - performance.now()))
      // By number, so that each learner sends as many, and a slow answer costs nobody their share.
      const who = n % people
      all.push({ learner: who, id: await submit(learners[who] as ApiClient, cohort) })
    }
  }
  await Promise.all(Array.from({ length: 20 }, send))
  return all
}

async function read(id: string): Promise<Submission> {
  return staff.call(routes.getSubmission, { params: { submission: id } })
}

async function untilFinished(): Promise<void> {
  const open = new Set(sent.map(({ id }) => id))
  while (open.size > 0) {
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor ? { cursor } : {}) }
      const page: { items: { id: string; status: string }[]; nextCursor: string | null } = await staff.call(
        routes.listSubmissions,
        { params: { cohort, lab }, query },
      )
      for (const { id, status } of page.items) if (!['queued', 'running'].includes(status)) open.delete(id)
      cursor = page.nextCursor
    }
    finished = sent.length - open.size
    await pause(500)
  }
}

async function askHealth(): Promise<void> {
  while (!watching.signal.aborted) {
    const begin = performance.now()
    const { status } = await fetch(`${product.baseUrl}/health/ready`)
    if (status !== 200) throw new Error(`health: ${status}`)
    health.push(performance.now() - begin)
    await pause(200)
  }
}

async function weighWorker(): Promise<void> {
  const pid = bench.pid('worker')
  while (!watching.signal.aborted) {
    const resident = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    memory.push({ finished, mib: (resident * 4096) / 2 ** 20 })
    await pause(500)
  }
}

function report(all: { learner: number; verdict: Submission }[]): void {
  const full = all.filter(({ verdict }) => verdict.status === 'graded' && verdict.score === verdict.maxScore)
  const graded = gradingsDone()
  const waits = learners.map((_, learner) =>
    mean(
      all
        .filter((one) => one.learner === learner)
        .map(({ verdict }) => verdict.timings.queuedMs ?? Number.NaN),
    ),
  )
  const hundred = (from: number, to: number) =>
    mean(memory.filter((one) => one.finished >= from && one.finished <= to).map(({ mib }) => mib))
  const rows: (string | number)[][] = [
    ['submissions with the right verdict', `${full.length} of ${all.length}`],
    [
      'gradings done, and done twice',
      `${graded.size}, ${[...graded.values()].filter((times) => times > 1).length}`,
    ],
    ['sent within, drained within, s', `${Math.round(sentAfter / 1000)}, ${Math.round(took / 1000)}`],
    ['verdicts per second', (all.length * 1000) / took],
    [
      'mean wait of a learner, s: least, median, most',
      [0, 0.5, 1].map((p) => (percentile(waits, p) / 1000).toFixed(1)).join(', '),
    ],
    // Of one submission each, the wait is when it came.
    ...(submissions > people
      ? [['most to median (goal 1.5 at most)', Math.max(...waits) / median(waits)]]
      : []),
    [
      'worker, MiB: first, last hundred',
      `${hundred(0, 100).toFixed(0)}, ${hundred(all.length - 100, all.length).toFixed(0)}`,
    ],
    [
      'health, ms: median, p95, most',
      [median(health), percentile(health, 0.95), Math.max(...health)].map((ms) => ms.toFixed(0)).join(', '),
    ],
  ]
  console.log(`\n${table(['', ''], rows)}`)
  if (full.length !== submissions || graded.size !== submissions) process.exitCode = 1
}

/** How often the worker said of each grading that it is done. */
function gradingsDone(): Map<string, number> {
  const done = new Map<string, number>()
  for (const line of readFileSync(join(bench.data, 'logs/worker.log'), 'utf8').split('\n')) {
    if (!line.includes('a grading is done')) continue
    const { grading } = JSON.parse(line) as { grading: string }
    done.set(grading, (done.get(grading) ?? 0) + 1)
  }
  return done
}

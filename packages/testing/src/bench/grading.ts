/**
 * `npm run bench:grading`: what the platform costs beside the engine calls that a grading needs at the least. In one run and on one
 * engine: a loop of bare engine calls (create, start, exec, remove, with the options of the product's own pods), a cold
 * `docker run --rm` with the strict profile's flags, and the platform from HTTP submit to verdict. What counts are the ratios;
 * milliseconds are the host's.
 *
 * Two questions, at one client and at as many as there are cores. How long does a verdict take? Few at a time, so that warm pods are
 * there, as on a host that is not full. How many are graded in a second? Without a pause, and the first third is not counted: it
 * finds pods that were made ready before, and what comes after has to make its own.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ApiClient } from '../api-client.js'
import { bareCycle, EngineApi, optionsOfWarmPod } from './engine-api.js'
import { median, percentile, table } from './figures.js'
import { enrol, repository, solution, startBench, submit, verdictOf } from './product.js'

const { values } = parseArgs({ options: { count: { type: 'string', default: '90' } } })
/** Cycles of one measurement of throughput. */
const count = Number(values.count)
/** Cycles of one measurement of latency: fewer than there are warm pods. */
const few = 10
const turns = 3

/** The strict profile, as far as the command line can say it. */
const strictFlags = `
  --init --network none --user 1000:1000 --cap-drop ALL --read-only --ipc private --cgroupns private
  --security-opt no-new-privileges --security-opt seccomp=${join(repository, 'docker/seccomp/strict.json')}
  --tmpfs /tmp:rw,nosuid,nodev,noexec,size=32m,nr_inodes=2048,mode=1777
  --tmpfs /workspace:rw,nosuid,nodev,exec,size=64m,nr_inodes=4096,uid=1000,gid=1000,mode=0755
  --shm-size 8m --pids-limit 64 --memory 256m --memory-swap 256m --memory-swappiness 0 --cpus 0.5 --cpu-shares 512
  --ulimit nofile=256:256 --ulimit fsize=33554432:33554432 --ulimit core=0:0 --ulimit nproc=4096:4096
  --ulimit msgqueue=0:0 --ulimit memlock=0:0
  --oom-score-adj 500 --log-driver none --hostname lab --workdir /workspace --stop-timeout 1`
  .trim()
  .split(/\s+/)

interface Measured {
  /** Of each cycle, in milliseconds. */
  times: number[]
  /** Once the first third is through. */
  perSecond: number
}

/** `clients` at once, each one cycle after the other, `total` in all. */
async function loop(
  clients: number,
  total: number,
  cycle: (client: number) => Promise<unknown>,
): Promise<Measured> {
  const times: number[] = []
  const ends: number[] = []
  let left = total
  const client = async (_: unknown, n: number) => {
    while (left-- > 0) {
      const start = performance.now()
      await cycle(n)
      ends.push(performance.now())
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const third = Math.floor(total / 3)
  const [from, to] = [ends[third - 1] ?? Number.NaN, ends.at(-1) ?? Number.NaN]
  return { times, perSecond: ((total - third) * 1000) / (to - from) }
}

await using bench = await startBench()
const { product, socket } = bench
const engine = new EngineApi(socket)
/** Until the product has put its pods back and removed the old ones: what it put off is not to be the next measurement's. */
const settled = async () => {
  for (let before = ''; ;) {
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const now = (await engine.json<{ Id: string }[]>('GET', '/containers/json?all=1'))
      .map(({ Id }) => Id)
      .sort()
      .join()
    if (now === before) return
    before = now
  }
}

await settled()
const options = await optionsOfWarmPod(engine)
const image = String(options.Image)
const learners = await enrol(product, availableParallelism())

const bare = () => bareCycle(engine, options, ['bash', '-c', solution])
const cold = async () => {
  const flags = ['-H', `unix://${socket}`, 'run', '--rm', ...strictFlags, image, 'bash', '-c', solution]
  const [code] = (await once(spawn('docker', flags, { stdio: 'ignore' }), 'exit')) as [number]
  if (code !== 0) throw new Error(`docker run ended with ${code}`)
}
const platform = async (n: number) => {
  const learner = learners[n] as ApiClient
  const verdict = await verdictOf(learner, await submit(learner, product.demo.cohortId))
  if (verdict.score !== verdict.maxScore) throw new Error(`not a full score: ${JSON.stringify(verdict)}`)
}
const ways = { bare, cold, platform }
const names = {
  bare: 'bare engine loop',
  cold: 'cold docker run --rm',
  platform: 'submit to verdict',
}
type Way = keyof typeof ways

/** In turns, so that a noisy minute meets all of them. */
async function measure(clients: number, total: number, of: readonly Way[]): Promise<Map<Way, Measured>> {
  const all = new Map<Way, Measured[]>(of.map((way) => [way, []]))
  for (let turn = 0; turn < turns; turn++) {
    for (const way of of) {
      all.get(way)?.push(await loop(clients, total, ways[way]))
      if (way === 'platform') await settled()
    }
  }
  const merged = [...all].map(([way, measured]): [Way, Measured] => [
    way,
    {
      times: measured.flatMap(({ times }) => times),
      perSecond: median(measured.map(({ perSecond }) => perSecond)),
    },
  ])
  return new Map(merged)
}

const rows: (string | number)[][] = []
const goals: string[] = []
for (const clients of new Set([1, availableParallelism()])) {
  await loop(clients, 2 * clients, platform)
  await settled()
  const latency = await measure(clients, few, ['bare', 'cold', 'platform'])
  const throughput = await measure(clients, count, ['bare', 'platform'])
  for (const [part, measured] of [
    ['few', latency],
    ['without a pause', throughput],
  ] as const) {
    for (const [way, { times, perSecond }] of measured) {
      const figures = [median(times), percentile(times, 0.95)].map(Math.round)
      rows.push([
        `${names[way]}, ${part}`,
        clients,
        times.length,
        ...figures,
        part === 'few' ? '' : perSecond,
      ])
    }
  }
  const time = (way: Way) => median(latency.get(way)?.times ?? [])
  const rate = (way: Way) => throughput.get(way)?.perSecond ?? Number.NaN
  goals.push(
    `${clients} at once: median verdict ${(time('platform') / time('cold')).toFixed(2)} of a cold run (goal 0.35 at most), ` +
      `throughput ${(rate('platform') / rate('bare')).toFixed(2)} of the bare loop (goal 0.85 at least)`,
  )
}
engine.close()
console.log(
  `\n${table(['', 'at once', 'runs', 'median ms', 'p95 ms', 'per second'], rows)}\n\n${goals.join('\n')}`,
)

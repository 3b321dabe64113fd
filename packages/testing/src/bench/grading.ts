/**
 * `npm run bench:grading`: what the platform costs beside the engine calls that a grading needs at the least. In one run and on one
 * engine: a loop of bare engine calls (create, start, exec, remove, with the options of the product's own pods), a cold
 * `docker run --rm` with the strict profile's flags, and the platform from HTTP submit to verdict. What counts are the ratios;
 * milliseconds are the host's.
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

const { values } = parseArgs({ options: { count: { type: 'string', default: '60' } } })
const count = Number(values.count)

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
  perSecond: number
}

/** `clients` at once, each one cycle after the other, `total` in all. */
async function loop(
  clients: number,
  total: number,
  cycle: (client: number) => Promise<unknown>,
): Promise<Measured> {
  const times: number[] = []
  let left = total
  const begin = performance.now()
  const client = async (_: unknown, n: number) => {
    while (left-- > 0) {
      const start = performance.now()
      await cycle(n)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { times, perSecond: (times.length * 1000) / (performance.now() - begin) }
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
const rows: (string | number)[][] = []
const goals: string[] = []
for (const clients of [...new Set([1, availableParallelism()])]) {
  await loop(clients, 2 * clients, platform)
  await settled()
  // In turns, so that a noisy minute meets all three.
  const all = { bare: [] as Measured[], cold: [] as Measured[], platform: [] as Measured[] }
  for (let turn = 0; turn < 3; turn++) {
    all.bare.push(await loop(clients, count / 3, bare))
    all.cold.push(await loop(clients, Math.ceil(count / 6), cold))
    all.platform.push(await loop(clients, count / 3, platform))
    await settled()
  }
  const sum = (turns: Measured[]) => ({
    times: turns.flatMap(({ times }) => times),
    perSecond: median(turns.map(({ perSecond }) => perSecond)),
  })
  const [one, two, three] = [sum(all.bare), sum(all.cold), sum(all.platform)]
  for (const [name, { times, perSecond }] of [
    ['bare engine loop', one],
    ['cold docker run --rm', two],
    ['submit to verdict', three],
  ] as const) {
    const figures = [median(times), percentile(times, 0.95)].map(Math.round)
    rows.push([name, clients, times.length, ...figures, perSecond])
  }
  goals.push(
    `${clients} at once: median verdict ${(median(three.times) / median(two.times)).toFixed(2)} of a cold run (goal 0.35 at most), ` +
      `throughput ${(three.perSecond / one.perSecond).toFixed(2)} of the bare loop (goal 0.85 at least)`,
  )
}
engine.close()
console.log(
  `\n${table(['', 'at once', 'runs', 'median ms', 'p95 ms', 'per second'], rows)}\n\n${goals.join('\n')}`,
)

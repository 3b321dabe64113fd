/**
 * `npm run bench`: from submit to verdict through the whole product, beside a cold `docker run --rm` of the same command with
 * the strict profile's flags, in turns on the same engine in the same run. What counts is the ratio; milliseconds are the host's.
 */
import { routes } from '@cooperage/contracts'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startProduct } from '../launcher.js'

const rounds = 10
const lab = 'first-check'
const repository = resolve(import.meta.dirname, '../../../..')
const solution = join(
  repository,
  'packages/course-docker/modules/fundamentals/labs',
  lab,
  'solution/hello.sh',
)

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

const median = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)]
  return ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2
}
const line = (name: string, values: number[]) =>
  console.log(
    `${name.padEnd(34)} ${values.map((value) => String(Math.round(value)).padStart(5)).join('')}   median ${Math.round(median(values))} ms`,
  )

const data = await mkdtemp(join(tmpdir(), 'cooperage-bench-'))
const product = await startProduct({ data, env: { DOCKER_HOST: undefined } })
try {
  const { installationId } = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8')) as {
    installationId: string
  }
  const socket = `/run/cooperage-${installationId}/docker.sock`
  const image = await labImage(socket)
  const script = readFileSync(solution, 'utf8')
  const learner = await product.as('learner')
  const submit = async () => {
    const files = [{ path: 'hello.sh', content: script }]
    const begin = performance.now()
    const { id } = await learner.call(routes.submit, {
      params: { cohort: product.demo.cohortId, lab },
      body: { files },
    })
    for await (const { event } of learner.events(id))
      if (event === 'verdict') return performance.now() - begin
    throw new Error('no verdict')
  }
  const coldRun = () => {
    const begin = performance.now()
    const run = spawnSync('docker', [
      '-H',
      `unix://${socket}`,
      'run',
      '--rm',
      ...strictFlags,
      image,
      'bash',
      '-c',
      script,
    ])
    if (run.status !== 0) throw new Error(`docker run: ${run.error?.message ?? run.stderr.toString()}`)
    return performance.now() - begin
  }
  await submit()
  coldRun()
  const cold: number[] = []
  const verdicts: number[] = []
  for (let round = 0; round < rounds; round++) cold.push(coldRun())
  for (let round = 0; round < rounds; round++) verdicts.push(await submit())
  line('cold docker run --rm, strict flags', cold)
  line('submit to verdict, ten in a row', verdicts)
  console.log(`ratio of the medians: ${(median(verdicts) / median(cold)).toFixed(2)}`)
} finally {
  await product.stop()
  await rm(data, { recursive: true, force: true })
}

function labImage(socketPath: string): Promise<string> {
  return new Promise((found, failed) => {
    request({ socketPath, path: '/images/json' }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => {
        const images = JSON.parse(text) as { RepoTags: string[] | null }[]
        const tag = images
          .flatMap((one) => one.RepoTags ?? [])
          .find((name) => name.startsWith('cooperage/lab-shell:'))
        if (tag) found(tag)
        else failed(new Error('no lab image'))
      })
    })
      .on('error', failed)
      .end()
  })
}

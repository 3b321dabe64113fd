/** `cooperage doctor`: attacks pods of an engine, and says what came of it. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { recipeHash } from '@cooperage/course'
import { failingRows, labImageTag } from '@cooperage/domain'
import {
  buildLabImage,
  EngineFault,
  LabImageFailed,
  openEngine,
  readEngineTls,
  type EngineTls,
} from '@cooperage/sandbox'
import { doubtfulRows, runSelfTest, tryAgain, type SelfTestOptions } from '@cooperage/self-test'
import { WrongUsage, type Command } from './command.js'
import { closingLine, notesText, rowTable } from './doctor-report.js'

/** The checkout or the image that this command is part of. */
const root = resolve(import.meta.dirname, '../../..')

const takes = '[--engine <address>] [--image <tag>] [--runtime <name>] [--data <folder>] [--quick] [--json]'

export const doctor: Command = {
  name: 'doctor',
  takes,
  does: 'attack the sandbox of this host and tell what held; 0 when all that matters did',
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        engine: { type: 'string' },
        image: { type: 'string' },
        runtime: { type: 'string' },
        data: { type: 'string', default: join(root, '.cooperage') },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    if (positionals.length > 0) throw new WrongUsage('it takes options only')
    const dockerHost = values.engine ?? findEngine(values.data)
    if (dockerHost === undefined) {
      console.error(
        'cooperage doctor: there is no engine to test. Start Cooperage with `npm start`, or name an engine with --engine or DOCKER_HOST.',
      )
      return 2
    }
    try {
      return await examine(dockerHost, values)
    } catch (error) {
      if (!(error instanceof EngineFault) && !(error instanceof LabImageFailed)) throw error
      console.error(`cooperage doctor: the engine at ${dockerHost} cannot be tested: ${error.message}`)
      return 2
    }
  },
}

/** The one that is named, else the running installation's. */
function findEngine(data: string): string | undefined {
  if (process.env.DOCKER_HOST) return process.env.DOCKER_HOST
  const file = join(data, 'run/lab-engine.json')
  if (!existsSync(file)) return undefined
  return (JSON.parse(readFileSync(file, 'utf8')) as { dockerHost: string }).dockerHost
}

interface Wishes {
  image?: string | undefined
  runtime?: string | undefined
  quick: boolean
  json: boolean
}

/** Throws EngineFault and LabImageFailed. */
async function examine(dockerHost: string, { image, runtime, quick, json }: Wishes): Promise<number> {
  const certificates = process.env.DOCKER_CERT_PATH
  const tls = certificates ? await readEngineTls(certificates) : undefined
  const installation = `doctor-${randomBytes(6).toString('hex')}`
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const engine = await openEngine({
    dockerHost,
    installation,
    ...(tls ? { tls } : {}),
    ...(runtime === undefined ? {} : { runtime }),
  })
  try {
    await engine.ping()
    await engine.expectRuntime()
    const tag = image ?? (await provideImage(dockerHost, tls, stopping.signal))
    const table = rowTable(process.stdout.columns)
    if (!json) console.log(`The sandbox of ${dockerHost}, attacked from inside:\n\n${table.head}`)
    const options: SelfTestOptions = {
      engine,
      image: tag,
      scope: quick ? 'quick' : 'full',
      owner: { worker: 'doctor', pod: 'arena' },
      signal: stopping.signal,
      onRow: (row) => {
        if (!json) console.log(table.row(row))
      },
    }
    let report = await runSelfTest(options)
    if (doubtfulRows(report).length > 0) {
      if (!json) console.log('\nOnce more, one at a time, since a busy host measures badly:\n')
      report = await tryAgain(report, options)
    }
    if (json) console.log(JSON.stringify(report, null, 2))
    else console.log(`\n${report.host.engine}\n\n${notesText(report.notes)}\n\n${closingLine(report)}`)
    return failingRows(report.rows).length === 0 ? 0 : 1
  } finally {
    await engine.removeAll().catch(() => 0)
    await engine[Symbol.asyncDispose]()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** The tag of the `shell` image, made when the engine lacks it. */
async function provideImage(
  dockerHost: string,
  tls: EngineTls | undefined,
  signal: AbortSignal,
): Promise<string> {
  const dir = join(root, 'docker/labs/shell')
  const tag = labImageTag('shell', await recipeHash(dir))
  await buildLabImage({
    dockerHost,
    dir,
    tag,
    signal,
    cacheDir: join(root, '.cooperage/cache/lab-images'),
    onProgress: (line) => console.error(line),
    ...(tls ? { tls } : {}),
  })
  return tag
}

import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { findProgram, freePort, list, serviceFolder, startService, unprivileged } from './service.js'

export interface TestDatabase extends AsyncDisposable {
  url: string
  /** With whoever is connected thrown out. */
  drop(): Promise<void>
}

/**
 * A database of the test file's own: a copy of a template that `migrate` filled once for this `schema` (any text that changes
 * with the schema). The server is that of TEST_POSTGRES_URL, whose account may create databases, or a private one.
 */
export async function createTestDatabase(options: {
  schema: string
  migrate: (url: string) => Promise<unknown>
}): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES_URL ?? (await privateServer())
  const template = await templateDatabase(server, options)
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  const drop = () =>
    administer(server, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    })
  return { url: urlOf(server, name), drop, [Symbol.asyncDispose]: drop }
}

const templateLock = 7_246_003

async function templateDatabase(
  server: string,
  { schema, migrate }: { schema: string; migrate: (url: string) => Promise<unknown> },
): Promise<string> {
  const name = `template_${createHash('sha256').update(schema).digest('hex').slice(0, 12)}`
  await administer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock])
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount) return
    // Renamed when it is complete: a template that was left half made is never used.
    await client.query(`DROP DATABASE IF EXISTS ${name}_draft WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${name}_draft`)
    await migrate(urlOf(server, `${name}_draft`))
    await client.query(`ALTER DATABASE ${name}_draft RENAME TO ${name}`)
  })
  return name
}

function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

async function administer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** One for each test process, found again by the test files that come later in it; it goes when the process ends. */
async function privateServer(): Promise<string> {
  const note = join(tmpdir(), `cooperage-test-postgres-${process.pid}`)
  if (existsSync(note)) {
    const url = readFileSync(note, 'utf8')
    if (await answers(url)) return url
  }
  const account = unprivileged('postgres')
  const folder = serviceFolder('postgres', account)
  const programs = postgresPrograms()
  const data = join(folder, 'data')
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...account, cwd: folder, stdio: 'ignore', env: { PATH: process.env.PATH, LC_ALL: 'C' } },
  )
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ]
  const service = startService({
    command: join(programs, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    folder,
    account,
    signal: 'SIGINT',
    note,
  })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  while (!(await answers(url))) {
    if (service.ended()) throw new Error('the private Postgres of the tests did not start')
    await delay(50)
  }
  writeFileSync(note, url)
  return url
}

async function answers(url: string): Promise<boolean> {
  try {
    await administer(url, (client) => client.query('SELECT 1'))
    return true
  } catch {
    return false
  }
}

/** The folder with `initdb` and `postgres`, of the newest version that is installed. */
function postgresPrograms(): string {
  const versions = list('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
  const found = findProgram(
    ['initdb'],
    versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
  )
  if (!found) throw new Error('there is no PostgreSQL here, and TEST_POSTGRES_URL names none')
  return dirname(found)
}

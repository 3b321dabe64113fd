// PostgreSQL: the database that DATABASE_URL names, or a private cluster from installed, embedded or freshly installed programs.

import { spawn } from 'node:child_process'
import { chownSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { type Account, serviceAccount } from '../host/accounts.js'
import { freePort } from '../host/ports.js'
import { commandLine, endProcesses, findProcess } from '../host/processes.js'
import type { Installation } from '../installation.js'
import { basicEnv, endLeftover } from '../supervise/child.js'
import { type StartedService, superviseService } from '../supervise/supervisor.js'
import { findPostgres, makeReachable, type Origin, type PostgresPrograms } from './postgres-programs.js'
import { describeUrl } from './redis.js'

export type PostgresAccess = {
  /** of the product's own database and its owner */
  url: string
  /** only of a private cluster */
  superuserUrl?: string
  service?: StartedService
}

const oldestMajor = 15

/** @throws {Trouble} when DATABASE_URL does not answer or is too old, or no program can be found or installed */
export async function providePostgres(
  installation: Installation,
  env: NodeJS.ProcessEnv,
  progress: Progress,
  { throwaway = false, origins }: { throwaway?: boolean; origins?: Origin[] } = {},
): Promise<PostgresAccess> {
  if (env.DATABASE_URL) {
    await checkGiven(env.DATABASE_URL)
    return { url: env.DATABASE_URL }
  }
  const account = serviceAccount('postgres')
  const folder = installation.place('postgres', { owner: account })
  const owner = ownerOf(folder, account)
  const programs = makeReachable(
    await findPostgres(versionOf(folder), oldestMajor, progress, origins),
    installation,
    owner,
  )
  return progress.during(`Starting PostgreSQL ${programs.major}`, async (step) => {
    await endLeftovers(installation.runFile('postgres'), folder)
    if (!existsSync(path.join(folder, 'PG_VERSION'))) {
      step.update('making its data folder')
      await initialise(programs, folder, owner, installation.secrets.postgresSuperuser)
    }
    return startPrivate(installation, { programs, folder, account: owner, throwaway }, progress)
  })
}

function versionOf(folder: string): number | undefined {
  const file = path.join(folder, 'PG_VERSION')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined
}

/** A folder that has data stays with its account, also when another one would be chosen today. */
function ownerOf(folder: string, account: Account | undefined): Account | undefined {
  const version = path.join(folder, 'PG_VERSION')
  if (!account || !existsSync(version)) return account
  const { uid, gid } = statSync(version)
  return { uid, gid }
}

async function endLeftovers(runFile: string, folder: string): Promise<void> {
  await endLeftover(runFile, 'SIGINT')
  // A cluster that was started in another way, or whose note was lost, is in its own pid file.
  const file = path.join(folder, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  const identity = pid > 0 ? findProcess(pid) : undefined
  if (identity && commandLine(pid).includes(folder)) await endProcesses([identity], { signal: 'SIGINT' })
}

function initialise(
  programs: PostgresPrograms,
  folder: string,
  account: Account | undefined,
  password: string,
): Promise<void> {
  // Beside the folder for a moment, since a command line can be read by everybody; initdb wants the folder itself empty.
  const passwordFile = `${folder}.password`
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) chownSync(passwordFile, account.uid, account.gid)
  const args = [
    '-D',
    folder,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
  ]
  const child = spawn(path.join(programs.folder, 'initdb'), [...args, '--locale=C.UTF-8', '--no-sync'], {
    ...account,
    cwd: folder,
    env: basicEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr.on('data', (text: Buffer) => (output += text.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      rmSync(passwordFile, { force: true })
      if (code === 0) return resolve()
      const reason =
        output.split('\n').find((line) => /error:|FATAL|No space/.test(line)) ?? output.trim().slice(-300)
      reject(
        new Trouble(
          `PostgreSQL could not make its data folder ${folder}: ${reason}`,
          'Put this right and start again.',
        ),
      )
    })
  })
}

async function startPrivate(
  installation: Installation,
  cluster: { programs: PostgresPrograms; folder: string; account: Account | undefined; throwaway: boolean },
  progress: Progress,
): Promise<PostgresAccess> {
  const port = await freePort(installation.port('postgres'))
  installation.rememberPort('postgres', port)
  const { postgresSuperuser, postgresApp } = installation.secrets
  const superuserUrl = `postgres://postgres:${postgresSuperuser}@127.0.0.1:${port}/postgres`
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    logging_collector: 'off',
    log_destination: 'stderr',
    // Only for data that nobody will miss.
    ...(cluster.throwaway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  }
  const service = await superviseService(
    {
      title: 'PostgreSQL',
      child: {
        command: path.join(cluster.programs.folder, 'postgres'),
        args: [
          '-D',
          cluster.folder,
          ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        env: basicEnv(),
        cwd: cluster.folder,
        account: cluster.account,
        log: installation.openLog('postgres'),
        runFile: installation.runFile('postgres'),
        // "Fast": clients are cut off, what they had open is rolled back. SIGTERM would wait for them.
        stopSignal: 'SIGINT',
        graceMs: 30_000,
      },
      answers: () =>
        withClient(superuserUrl, async (client) => (await client.query('select 1')).rowCount === 1),
    },
    progress,
  )
  try {
    await withClient(superuserUrl, (client) => ensureDatabase(client, postgresApp))
  } catch (error) {
    await service.stop()
    throw error
  }
  return { url: `postgres://cooperage:${postgresApp}@127.0.0.1:${port}/cooperage`, superuserUrl, service }
}

/** The product's own database, and a user who owns it and nothing else. */
async function ensureDatabase(client: pg.Client, password: string): Promise<void> {
  const exists = async (query: string) => ((await client.query(query)).rowCount ?? 0) > 0
  // The password is of hex digits alone; neither statement takes parameters.
  if (!(await exists("select 1 from pg_roles where rolname = 'cooperage'"))) {
    await client.query(`create role cooperage login password '${password}'`)
  }
  if (!(await exists("select 1 from pg_database where datname = 'cooperage'"))) {
    await client.query('create database cooperage owner cooperage')
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function checkGiven(url: string): Promise<void> {
  const advice = 'Start it, correct DATABASE_URL, or leave DATABASE_URL away to have a private one.'
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Trouble(
      'DATABASE_URL is not the address of a PostgreSQL database.',
      'It begins with postgres://.',
    )
  }
  const version = await withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
    return Number(rows[0]?.server_version_num)
  }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.message || error.code || 'no answer'
    throw new Trouble(`The database of DATABASE_URL (${describeUrl(url)}) cannot be used: ${reason}.`, advice)
  })
  if (version < oldestMajor * 10_000) {
    throw new Trouble(
      `The database of DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}.`,
      `Version ${oldestMajor} or newer is needed.`,
    )
  }
}

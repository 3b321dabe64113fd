// Redis: the one that REDIS_URL names, or a private one with a user for the API, one for the worker, and nobody else.

import { createHash } from 'node:crypto'
import { closeSync, fchownSync, openSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { queuePrefix, queues, workersKey } from '@cooperage/contracts'
import { Redis } from 'ioredis'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import { type Account, serviceAccount } from '../host/accounts.js'
import { canInstall, installAdvice, installPackages } from '../host/apt.js'
import { findProgram } from '../host/binaries.js'
import { freePort } from '../host/ports.js'
import type { Installation } from '../installation.js'
import { basicEnv, endLeftover } from '../supervise/child.js'
import { type StartedService, superviseService } from '../supervise/supervisor.js'

export type RedisAccess = { apiUrl: string; workerUrl: string; adminUrl: string; service?: StartedService }

/** Every key and channel of the product begins so; the API's user has no right to any other. */
const apiKeys = [`~${queuePrefix}:*`, `&${queuePrefix}:*`]
/** The worker's user has its two queues and the heartbeats: not who signs in, how often, or what else the API keeps there. */
const workerKeys = [...Object.values(queues).map((queue) => `~${queuePrefix}:${queue}:*`), `~${workersKey}`]

/**
 * What BullMQ, a heartbeat and a rate limiter call, seen by running them under this list: reading, writing, scripts (BullMQ's are
 * Lua), blocking reads, transactions, the connection's own affairs, and INFO, from which BullMQ reads the version. Nothing that
 * administers the server or looks at other users.
 */
const commands = [
  '-@all',
  ...['read', 'write', 'scripting', 'transaction', 'connection', 'blocking', 'pubsub'].map(
    (name) => `+@${name}`,
  ),
  '-@admin',
  '-@dangerous',
  // They tell the names of keys to which the user has no right.
  '-scan',
  '-randomkey',
  '+info',
]

/** @throws {Trouble} when REDIS_URL does not answer, is too old, or there is no Redis and none can be installed */
export async function provideRedis(
  installation: Installation,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<RedisAccess> {
  if (env.REDIS_URL) {
    await checkGiven(env.REDIS_URL)
    const workerUrl = env.WORKER_REDIS_URL || env.REDIS_URL
    return { apiUrl: env.REDIS_URL, workerUrl, adminUrl: env.REDIS_URL }
  }
  const program = await findServer(progress)
  return progress.during('Starting Redis', () => startPrivate(installation, program, progress))
}

async function findServer(progress: Progress): Promise<string> {
  const names = ['redis-server', 'valkey-server']
  const found = findProgram(...names)
  if (found) return found
  if (canInstall()) {
    await installPackages(['redis-server'], progress)
    const installed = findProgram(...names)
    if (installed) return installed
  }
  throw new Trouble(
    'There is no Redis on this machine.',
    `${installAdvice(['redis-server'])} Or name one in REDIS_URL.`,
  )
}

async function startPrivate(
  installation: Installation,
  program: string,
  progress: Progress,
): Promise<RedisAccess> {
  const runFile = installation.runFile('redis')
  await endLeftover(runFile)
  const account = serviceAccount('redis')
  const folder = installation.place('redis', { owner: account })
  const port = await freePort(installation.port('redis'))
  installation.rememberPort('redis', port)
  const { redisAdmin, redisApi, redisWorker } = installation.secrets
  const config = path.join(folder, 'redis.conf')
  const user = (name: string, password: string, rights: string[]) =>
    `user ${name} reset on #${createHash('sha256').update(password).digest('hex')} ${rights.join(' ')}`
  writeOwn(
    config,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${folder}`,
      'daemonize no',
      'appendonly yes',
      'maxmemory-policy noeviction',
      // Off: nobody can be it. Yet Redis 7 asks for its rights when it reads its own log, and drops each transaction without them.
      'user default reset off ~* &* +@all',
      user('admin', redisAdmin, ['~*', '&*', '+@all']),
      user('api', redisApi, [...apiKeys, ...commands]),
      user('worker', redisWorker, [...workerKeys, ...commands]),
      '',
    ].join('\n'),
    account,
  )
  const url = (name: string, password: string) => `redis://${name}:${password}@127.0.0.1:${port}`
  const adminUrl = url('admin', redisAdmin)
  const service = await superviseService(
    {
      title: 'Redis',
      child: {
        command: program,
        args: [config],
        env: basicEnv(),
        cwd: folder,
        account,
        log: installation.openLog('redis'),
        runFile,
      },
      answers: async () => (await ask(adminUrl, (redis) => redis.ping())) === 'PONG',
    },
    progress,
  )
  return { apiUrl: url('api', redisApi), workerUrl: url('worker', redisWorker), adminUrl, service }
}

/** The folder is the account's, who may have left a link there: what this process writes and gives away is a new file, or none. */
function writeOwn(file: string, text: string, account: Account | undefined): void {
  rmSync(file, { force: true })
  const made = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(made, text)
    if (account) fchownSync(made, account.uid, account.gid)
  } finally {
    closeSync(made)
  }
}

async function checkGiven(url: string): Promise<void> {
  const info = await ask(url, (redis) => redis.info('server')).catch((error: Error) => {
    throw new Trouble(
      `The Redis of REDIS_URL (${describeUrl(url)}) cannot be used: ${error.message}.`,
      'Start it, correct REDIS_URL, or leave REDIS_URL away to have a private one.',
    )
  })
  const version = /redis_version:(\d+)\.(\d+)/.exec(info)
  if (version && Number(version[1]) * 100 + Number(version[2]) < 602) {
    throw new Trouble(
      `The Redis of REDIS_URL is version ${version[1]}.${version[2]}.`,
      'Version 6.2 or newer is needed.',
    )
  }
}

/** Host and port of a URL, without the password. */
export function describeUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).host || url : 'not a URL'
}

/** One question on a connection of its own, with its first error as the reason of a failure. */
async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  if (!URL.canParse(url)) throw new Error('it is not a URL, such as redis://user:password@host:6379')
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 3000, retryStrategy: () => null })
  let reason: Error | undefined
  redis.on('error', (error) => (reason ??= error))
  try {
    await redis.connect()
    return await question(redis)
  } catch (error) {
    throw reason ?? error
  } finally {
    redis.disconnect()
  }
}

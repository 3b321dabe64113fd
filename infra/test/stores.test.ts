import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Redis, type RedisOptions } from 'ioredis'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Installation, openInstallation } from '../src/installation.js'
import { type PostgresAccess, providePostgres } from '../src/services/postgres.js'
import { provideRedis } from '../src/services/redis.js'
import type { StartedService } from '../src/supervise/supervisor.js'
import { quietProgress } from './quiet.js'

let folder: string
let installation: Installation
let running: StartedService[]
let clients: Redis[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stores-'))
  chmodSync(folder, 0o755)
  installation = openInstallation(path.join(folder, 'state'))
  running = []
  clients = []
})
afterEach(async () => {
  for (const client of clients) client.disconnect()
  await Promise.all(running.map((service) => service.stop()))
  rmSync(folder, { recursive: true, force: true })
  rmSync(path.join('/var/lib/cooperage', installation.id), { recursive: true, force: true })
}, 60_000)

function keep<Access extends { service?: StartedService }>(access: Access): Access {
  if (access.service) running.push(access.service)
  return access
}

function connect(url: string, options: RedisOptions = {}): Redis {
  const client = new Redis(url, options)
  client.on('error', () => undefined)
  clients.push(client)
  return client
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the private PostgreSQL', () => {
  const start = async (options?: Parameters<typeof providePostgres>[3]): Promise<PostgresAccess> =>
    keep(await providePostgres(installation, {}, quietProgress(), { throwaway: true, ...options }))

  test('gives the product a database of its own, by password, and keeps it', async () => {
    const first = await start({ origins: ['embedded'] })
    await ask(first.url, 'create table note as select 42 as answer')
    expect(await ask(first.url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false },
    ])
    await expect(ask(first.url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    )
    await first.service?.stop()
    const again = await start()
    expect(again.url).toBe(first.url)
    expect(await ask(again.url, 'select answer from note')).toEqual([{ answer: 42 }])
  }, 60_000)

  test('comes back with its data when it is killed', async () => {
    const { url, service } = await start({ throwaway: false })
    await ask(url, 'create table note as select 42 as answer')
    process.kill(service?.pid() ?? 0, 'SIGKILL')
    const deadline = Date.now() + 30_000
    let rows: unknown
    while (rows === undefined && Date.now() < deadline) {
      rows = await ask(url, 'select answer from note').catch(() => pause(50))
    }
    expect(rows).toEqual([{ answer: 42 }])
  }, 60_000)

  test('lives elsewhere when nobody else may enter the state folder', async () => {
    chmodSync(folder, 0o700)
    const { url } = await start({ origins: ['embedded'] })
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    const isRoot = process.getuid?.() === 0
    expect(existsSync(path.join('/var/lib/cooperage', installation.id, 'postgres'))).toBe(isRoot)
  }, 60_000)

  test('says what is wrong with a DATABASE_URL', async () => {
    const given = providePostgres(
      installation,
      { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' },
      quietProgress(),
    )
    await expect(given).rejects.toThrow(/DATABASE_URL \(127\.0\.0\.1:1\) cannot be used: .*ECONNREFUSED/)
    await expect(given).rejects.not.toThrow('secret')
  })
})

describe('the private Redis', () => {
  test('lets API and worker at their own keys, the worker at no more than its queues, and nobody else at anything', async () => {
    const access = keep(await provideRedis(installation, {}, quietProgress()))
    for (const url of [access.apiUrl, access.workerUrl]) {
      const redis = connect(url)
      const key = 'cooperage:gradings:note'
      expect(await redis.set(key, 'here')).toBe('OK')
      expect(await redis.eval("return redis.call('get', KEYS[1])", 1, key)).toBe('here')
      await expect(redis.get('other')).rejects.toThrow('NOPERM')
      await expect(redis.eval("return redis.call('get', 'other')", 0)).rejects.toThrow()
      for (const command of [
        'flushall',
        'config get *',
        'acl list',
        'client list',
        'keys *',
        'scan 0',
        'shutdown',
      ]) {
        const [name = '', ...args] = command.split(' ')
        await expect(redis.call(name, ...args)).rejects.toThrow('NOPERM')
      }
    }
    // The worker holds the engine: it has no business with who may sign in how often.
    const worker = connect(access.workerUrl)
    for (const key of ['cooperage:reads:person', 'cooperage:failed-person:ada@example.org ::1']) {
      expect(await connect(access.apiUrl).set(key, '10')).toBe('OK')
      await expect(worker.get(key)).rejects.toThrow('NOPERM')
      await expect(worker.del(key)).rejects.toThrow('NOPERM')
    }
    expect(await worker.hset('cooperage:workers', 'one', '{}')).toBe(1)
    const stranger = connect(access.apiUrl.replace(/\/\/.*@/, '//'), {
      lazyConnect: true,
      retryStrategy: () => null,
    })
    await expect(stranger.get('cooperage:note')).rejects.toThrow('NOAUTH')
  }, 30_000)

  test('writes its settings into no other file, whatever its account left in its folder', async () => {
    const other = path.join(folder, 'other')
    writeFileSync(other, 'untouched')
    const place = installation.place('redis', {})
    symlinkSync(other, path.join(place, 'redis.conf'))
    keep(await provideRedis(installation, {}, quietProgress()))
    expect(readFileSync(other, 'utf8')).toBe('untouched')
    expect(statSync(other).uid).toBe(process.getuid?.())
  }, 30_000)

  test('keeps what was written, over a kill too', async () => {
    const { apiUrl, service } = keep(await provideRedis(installation, {}, quietProgress()))
    const redis = connect(apiUrl, { maxRetriesPerRequest: null })
    await redis.set('cooperage:note', 'here')
    // What a script writes is one transaction of the log: a counter, and that it ends.
    const count = "redis.call('incr', KEYS[1]) redis.call('pexpire', KEYS[1], 60000)"
    await redis.eval(count, 1, 'cooperage:count')
    await pause(1100) // Redis writes its log to disk once a second.
    process.kill(service?.pid() ?? 0, 'SIGKILL')
    expect(await redis.get('cooperage:note')).toBe('here')
    expect(await redis.get('cooperage:count')).toBe('1')
    expect(await redis.pttl('cooperage:count')).toBeGreaterThan(0)
  }, 30_000)
})

test('secrets are for their owner alone, and stay the same', () => {
  const file = path.join(installation.folder, 'secrets.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(openInstallation(installation.folder).secrets).toEqual(installation.secrets)
  expect(readFileSync(file, 'utf8')).toContain(installation.secrets.cooperageSecret)
})

import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { findProgram, freePort, serviceFolder, startService } from './service.js'

/** An empty Redis of the test file's own. */
export interface TestRedis extends AsyncDisposable {
  url: string
  stop(): Promise<void>
}

const databases = 16

/**
 * On the server of TEST_REDIS_URL a database that nobody uses, else a private server that keeps nothing on disk.
 * @param options.port always a private server, at this port: for a test that stops and starts it
 */
export async function startTestRedis(options: { port?: number } = {}): Promise<TestRedis> {
  const server = process.env.TEST_REDIS_URL
  if (server && options.port === undefined) return claimDatabase(server)
  return startPrivate(options.port ?? (await freePort()))
}

async function startPrivate(port: number): Promise<TestRedis> {
  const program = findProgram(['redis-server', 'valkey-server'])
  if (!program)
    throw new Error('there is neither redis-server nor valkey-server, and TEST_REDIS_URL names none')
  const folder = serviceFolder('redis', null)
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ]
  const service = startService({ command: program, args, folder, account: null, signal: 'SIGTERM' })
  const url = `redis://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (service.ended()) throw new Error(`${program} did not start`)
    await delay(20)
  }
  return { url, stop: () => service.stop(), [Symbol.asyncDispose]: () => service.stop() }
}

/** Database 0 keeps the note of who has which. */
async function claimDatabase(server: string): Promise<TestRedis> {
  const notes = new Redis(server)
  await once(notes, 'ready')
  for (let number = 1; number < databases; number++) {
    const note = `cooperage-test-database:${number}`
    if ((await notes.set(note, process.pid, 'EX', 600, 'NX')) !== 'OK') continue
    const url = new URL(server)
    url.pathname = `/${number}`
    const empty = async () => {
      const client = new Redis(url.href)
      await client.flushdb()
      client.disconnect()
    }
    await empty()
    const stop = async () => {
      await empty()
      await notes.del(note)
      notes.disconnect()
    }
    return { url: url.href, stop, [Symbol.asyncDispose]: stop }
  }
  notes.disconnect()
  throw new Error('every database of TEST_REDIS_URL is in use')
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A Redis of the test's own, which it may empty, stop and start; it keeps nothing on disk. */
export class TestRedis implements AsyncDisposable {
  #child: ChildProcess | null = null

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** Needs `redis-server` or the program that COOPERAGE_TEST_REDIS_SERVER names. */
  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), await mkdtemp(join(tmpdir(), 'cooperage-redis-')))
    await redis.start()
    return redis
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const program = process.env.COOPERAGE_TEST_REDIS_SERVER ?? 'redis-server'
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    this.#child = spawn(program, [...options, '--dir', this.folder], { stdio: 'ignore' })
    await once(this.#child, 'spawn')
    for (let tries = 0; ; tries++) {
      if (await answers(this.url)) return
      if (tries > 100 || this.#child.exitCode !== null) throw new Error(`${program} did not start`)
      await sleep(50)
    }
  }

  /** At once, as if the machine had failed. */
  async kill(): Promise<void> {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }

  /** A connection for what the test itself has to say; close it with `disconnect()`. */
  client(): Redis {
    return new Redis(this.url, { maxRetriesPerRequest: null })
  }

  async empty(): Promise<void> {
    const redis = this.client()
    await redis.flushall()
    redis.disconnect()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

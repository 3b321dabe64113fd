import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Redis of the test's own, which it may stop and start. */
export class PrivateRedis {
  private child: ChildProcess | undefined
  readonly url: string

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.url = `redis://127.0.0.1:${port}`
  }

  static async start(): Promise<PrivateRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'coo-redis-'))
    const redis = new PrivateRedis(folder, await freePort())
    await redis.run()
    return redis
  }

  /** Comes back with what it had: it keeps an append-only file. */
  async run(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '']
    const child = spawn('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.child = child
    let log = ''
    for await (const chunk of child.stdout) {
      log += String(chunk)
      if (log.includes('Ready to accept connections')) break
    }
    child.stdout.destroy()
  }

  async end(): Promise<void> {
    const child = this.child
    this.child = undefined
    if (!child || child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }

  async stop(): Promise<void> {
    await this.end()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Decoys on the host itself: what an attacker in a container would love to reach there, made and removed by the attack. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type NetConnectOpts, type Server } from 'node:net'
import { hostname, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Arena } from '../arena.js'

/** Whether this process is on the engine's host itself, so that a decoy here is one there. */
export const isOnHost = (arena: Arena): boolean =>
  arena.host.name === hostname() && arena.host.kernel === release()

export interface HostListeners extends AsyncDisposable {
  /** What whoever reaches one is told. */
  readonly secret: string
  /** On 127.0.0.1. */
  readonly port: number
  /** In the abstract namespace of Unix sockets, without the leading zero byte. */
  readonly abstractName: string
}

/** Listeners on the host's loopback, reached from here before anybody else tries. Throws when they are not. */
export async function openHostListeners(): Promise<HostListeners> {
  const secret = `secret-${randomBytes(8).toString('hex')}`
  // As long as such a name can be: Node fills a shorter one up with zero bytes, which then belong to it.
  const abstractName = `cooperage-decoy-${randomBytes(46).toString('hex')}`.slice(0, 107)
  const servers = [createServer(), createServer()] as const
  const close = async () => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
  try {
    for (const server of servers) {
      server.on('connection', (socket) => socket.on('error', () => socket.destroy()).end(secret))
    }
    const port = await listenOnLoopback(servers[0])
    servers[1].listen(`\0${abstractName}`)
    await once(servers[1], 'listening')
    for (const target of [{ host: '127.0.0.1', port }, { path: `\0${abstractName}` }]) {
      if ((await read(target)) !== secret) throw new Error('a decoy on the host’s loopback cannot be reached')
    }
    return { secret, port, abstractName, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a listener has no port')
  return address.port
}

async function read(target: NetConnectOpts): Promise<string> {
  let text = ''
  for await (const chunk of connect(target).setEncoding('utf8')) text += String(chunk)
  return text
}

export interface HostFile extends AsyncDisposable {
  /** Absolute; whoever finds it may read it. */
  readonly path: string
  readonly secret: string
}

/** A file in the host's folder for temporary files. */
export async function leaveHostFile(): Promise<HostFile> {
  const folder = await mkdtemp(join(tmpdir(), 'cooperage-decoy-'))
  const path = join(folder, 'secret')
  const secret = `secret-${randomBytes(8).toString('hex')}`
  await writeFile(path, secret, { mode: 0o644 })
  await chmod(folder, 0o755)
  return { path, secret, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

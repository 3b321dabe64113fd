/**
 * A test engine whose containers lack something of what was asked for: a proxy before its socket, which changes the body of each
 * `POST /containers/create` and passes everything else through. So nothing of the product can be switched to be weak.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { TestEngine } from './engine.js'

/** The parsed body of `POST /containers/create`, to be changed in place. */
export type CreateBody = Record<string, unknown> & { HostConfig: Record<string, unknown> }

export interface WeakenedEngine extends AsyncDisposable {
  readonly dockerHost: string
  /** Ends its connections; the engine lives on. */
  close(): Promise<void>
}

/** A body longer than this is none of the product's. */
const MAX_BODY = 4 * 1024 * 1024

/**
 * Before anything weak can run the engine is confined (`TestEngine.confine`). Throws when that cannot be, as for an engine that is not
 * the test's own.
 */
export async function weakenEngine(
  engine: TestEngine,
  change: (body: CreateBody) => void,
): Promise<WeakenedEngine> {
  await engine.confine()
  const target = engine.dockerHost.slice('unix://'.length)
  const folder = await mkdtemp('/tmp/coo-weak-')
  const socketPath = join(folder, 's')
  const open = new Set<Duplex>()
  const server = createServer((asked, answer) => {
    // What is JSON is read to its end: an engine that has understood it may answer, and close, before it has read the last byte.
    const isJson = asked.headers['content-type']?.startsWith('application/json') ?? false
    void (isJson ? readJson(asked, change) : Promise.resolve(undefined)).then(
      (body) => pass(target, asked, answer, body),
      (error: unknown) => answer.writeHead(400).end(JSON.stringify({ message: String(error) })),
    )
  })
  // Attach and exec: from here on the connection is no HTTP, and is closed in each direction for itself.
  server.on('upgrade', (asked, client: Duplex, head: Buffer) => {
    const upstream = connect({ path: target, allowHalfOpen: true })
    open.add(upstream)
    // In one piece, as it came: the engine throws away what of the request's body it has not read when it takes the connection over,
    // and takes what comes later for input.
    const lines = `${asked.method} ${asked.url} HTTP/1.1\r\n${headerLines(asked.rawHeaders)}\r\n`
    upstream.write(Buffer.concat([Buffer.from(lines, 'latin1'), head]))
    client.pipe(upstream)
    upstream.pipe(client)
    client.once('error', () => upstream.destroy()).once('close', () => upstream.destroy())
    upstream.once('error', () => client.destroy()).once('close', () => open.delete(upstream))
  })
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.listen(socketPath)
  await once(server, 'listening')
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const connection of open) connection.destroy()
    await closed
    await rm(folder, { recursive: true, force: true })
  }
  return { dockerHost: `unix://${socketPath}`, close, [Symbol.asyncDispose]: close }
}

const isCreate = ({ method, url }: IncomingMessage) =>
  method === 'POST' && /^(\/v[\d.]+)?\/containers\/create(\?|$)/.test(url ?? '')

async function readJson(asked: IncomingMessage, change: (body: CreateBody) => void): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of asked as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_BODY) throw new Error('the body is too long')
    parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  if (!isCreate(asked)) return bytes
  const body = JSON.parse(bytes.toString('utf8')) as CreateBody
  change(body)
  return Buffer.from(JSON.stringify(body))
}

function pass(target: string, asked: IncomingMessage, answer: ServerResponse, body?: Buffer): void {
  const headers = { ...asked.headers }
  delete headers.connection
  if (body) {
    delete headers['transfer-encoding']
    headers['content-length'] = String(body.length)
  }
  const upstream = request(
    // A connection of its own, that can be ended with its client's.
    { socketPath: target, method: asked.method, path: asked.url, headers, agent: false },
    (response) => {
      const { connection: _, ...rest } = response.headers
      answer.writeHead(response.statusCode ?? 502, rest)
      // Events have a head at once and a body when something happens.
      answer.flushHeaders()
      response.pipe(answer)
      response.once('error', () => answer.destroy())
    },
  )
  upstream.once('error', () => answer.destroy())
  answer.once('close', () => upstream.destroy())
  if (body) upstream.end(body)
  else asked.pipe(upstream)
}

function headerLines(raw: readonly string[]): string {
  let lines = ''
  for (let at = 0; at < raw.length; at += 2) lines += `${raw[at]}: ${raw[at + 1]}\r\n`
  return lines
}

/** How the adapter reaches the engine, and the one place where a failed call becomes an EngineFault. */
import { readFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { join } from 'node:path'
import { inspect } from 'node:util'
import Docker from 'dockerode'
import { EngineFault } from '../port.js'

/** TLS files' contents for an engine on another machine. */
export interface EngineTls {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** From a folder with `ca.pem`, `cert.pem` and `key.pem`. Throws the file system's errors. */
export async function readEngineTls(folder: string): Promise<EngineTls> {
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return { ca, cert, key }
}

/**
 * dockerode's transport renders each request's options for its log, with everything that hangs on them and whether the log is on or
 * not: with an agent's sockets that is most of the worker's CPU time. These agents have nothing to show.
 */
class QuietAgent extends Agent {
  [inspect.custom](): string {
    return 'Agent'
  }
}
class QuietTlsAgent extends TlsAgent {
  [inspect.custom](): string {
    return 'Agent'
  }
}

/**
 * @param dockerHost `unix:///path`, `tcp://host:port` or `http(s)://host:port`
 * @throws EngineFault for any other address
 */
export function connect(dockerHost: string, tls?: EngineTls): Docker {
  // Every field is given, also as undefined, since dockerode fills what is missing from DOCKER_* variables.
  const nothing = {
    host: undefined,
    port: undefined,
    socketPath: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  }
  if (dockerHost.startsWith('unix://')) {
    const socketPath = dockerHost.slice('unix://'.length)
    // A connection for each call: after an engine's restart no call meets a dead one. (The types lack `agent`.)
    const options = {
      ...nothing,
      protocol: 'http' as const,
      socketPath,
      agent: new QuietAgent({ keepAlive: false }),
    }
    return new Docker(options)
  }
  const url = URL.canParse(dockerHost) ? new URL(dockerHost) : undefined
  if (!url || !['tcp:', 'http:', 'https:'].includes(url.protocol) || url.port === '') {
    throw new EngineFault(`not an engine's address: ${dockerHost} (unix:///path or tcp://host:port)`)
  }
  const protocol = tls || url.protocol === 'https:' ? 'https' : 'http'
  const agent =
    protocol === 'https' ? new QuietTlsAgent({ keepAlive: false }) : new QuietAgent({ keepAlive: false })
  const options = { ...nothing, protocol, host: url.hostname, port: Number(url.port), agent, ...tls } as const
  return new Docker(options)
}

/** Longest wait for one answer of the engine, in milliseconds; a start on a busy host takes a second or two. */
const ANSWER_MS = 30_000

/**
 * One call to the engine. dockerode has no timeout that always rejects, so the clock is here; what a late
 * answer brings is given to `discard`.
 *
 * @throws EngineFault, its cause the engine's or the socket's own error
 */
export async function call<T>(
  what: string,
  operation: (signal: AbortSignal) => Promise<T>,
  options: { timeoutMs?: number; discard?: (late: T) => void } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? ANSWER_MS
  const abort = new AbortController()
  const answer = operation(abort.signal)
  let timer: NodeJS.Timeout | undefined
  let late = false
  const clock = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true
      reject(new EngineFault(`${what}: no answer from the engine in ${timeoutMs} ms`))
      abort.abort()
    }, timeoutMs)
  })
  answer.then(
    (value) => {
      if (late) options.discard?.(value)
    },
    () => undefined,
  )
  try {
    return await Promise.race([answer, clock])
  } catch (cause) {
    if (cause instanceof EngineFault) throw cause
    throw new EngineFault(`${what}: ${messageOf(cause)}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** HTTP status with which the engine refused a call, if it answered at all. */
export function statusOf(fault: unknown): number | undefined {
  const cause = fault instanceof EngineFault ? fault.cause : fault
  if (typeof cause === 'object' && cause !== null && 'statusCode' in cause) {
    return typeof cause.statusCode === 'number' ? cause.statusCode : undefined
  }
  return undefined
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim()
}

/** Streams of the engine's answers. */
import type { Duplex } from 'node:stream'

/** More than this without a line end is no message of the engine. */
const MAX_LINE = 64 * 1024

/** Calls back for each whole line of a stream of JSON messages; a line that is no JSON object is passed over. */
export function eachMessage(
  stream: NodeJS.ReadableStream,
  take: (message: Record<string, unknown>) => void,
): void {
  let rest = ''
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('utf8')).split('\n')
    rest = (lines.pop() ?? '').slice(-MAX_LINE)
    for (const line of lines) {
      const message = parse(line)
      if (message) take(message)
    }
  })
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A stream whose errors are known to be handled: by its end, which every reader waits for. */
export function quiet<S extends Duplex>(stream: S): S {
  stream.on('error', () => undefined)
  return stream
}

/** Lets go of a stream that nobody reads any more; what it still has to say is not heard. */
export function destroyStream(stream: NodeJS.ReadableStream | undefined): void {
  stream?.on('error', () => undefined)
  if (stream && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy()
}

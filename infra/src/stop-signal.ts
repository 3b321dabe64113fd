// When to stop: on a signal, or when npm, which started this, is gone and nobody could press Ctrl-C any more.

const parentCheckMs = 1000

export function untilStopped(): AbortSignal {
  const controller = new AbortController()
  // npm passes on a Ctrl-C that the terminal has sent to all already, so that it comes twice: once counts.
  const stop = () => controller.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && stop(), parentCheckMs).unref()
  }
  // Whoever read this output may have gone; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return controller.signal
}

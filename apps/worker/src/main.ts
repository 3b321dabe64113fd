/** Entry of the process on a lab host: `node dist/main.js`, its environment in configuration.ts. */
import { pino } from 'pino'
import { readConfiguration } from './configuration.js'
import { LabWorker } from './lab-worker.js'

/** Whatever hangs then is not worth waiting for: a sweep of another worker, or of the next one, removes what is left. */
const stopMs = 28_000

const log = pino({ base: { app: 'worker' } })

function die(error: unknown, what: string): never {
  log.fatal({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, what)
  process.exit(1)
}
process.on('unhandledRejection', (error) => die(error, 'a rejection that nobody handled'))
process.on('uncaughtException', (error) => die(error, 'an error that nobody caught'))

const started = LabWorker.start(configurationOrExit())
let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    setTimeout(() => die(new Error('the stop took too long'), 'stopped hard'), stopMs).unref()
    started
      .then((worker) => worker.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => die(error, 'the stop failed'),
      )
  })
}
await started.catch((error: unknown) => die(error, 'the worker cannot start'))

function configurationOrExit() {
  try {
    return readConfiguration(process.env)
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}

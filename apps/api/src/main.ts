/** The server. Configured by the environment; stops on SIGTERM and SIGINT. */
import { createApp } from './app.js'
import { createLogger, readConfiguration } from './platform/index.js'

const stopMs = 10_000

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env)
  const logger = createLogger(configuration)
  const app = await createApp(configuration, logger)
  await app.listen({ host: configuration.HOST, port: configuration.PORT })
  logger.info({ address: await app.getUrl() }, 'the API listens')

  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'the API stops')
    // A request that hangs must not hold the whole system: the sweeper takes up what is left.
    setTimeout(() => process.exit(1), stopMs).unref()
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the API did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

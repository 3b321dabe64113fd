import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.js'
import {
  checkHandlers,
  createAdapter,
  NestLogger,
  prepareServer,
  type Configuration,
  type Logger,
} from './platform/index.js'

/** The whole API, ready to listen: what the server starts and what the tests test. */
export async function createApp(
  configuration: Configuration,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(configuration, logger),
    createAdapter(logger, configuration),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  )
  try {
    await prepareServer(app, configuration, logger)
    checkHandlers(app)
    await app.init()
    await app.getHttpAdapter().getInstance().ready()
    return app
  } catch (error) {
    await app.close().catch(() => undefined)
    throw error
  }
}

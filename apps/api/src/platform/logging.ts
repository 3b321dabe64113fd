import type { LoggerService } from '@nestjs/common'
import { pino, type Logger } from 'pino'
import type { Configuration } from './config.js'

/** Injection token of the pino logger. */
export const LOGGER = Symbol('logger')
export type { Logger } from 'pino'

/** Wherever one of these turns up in what is logged, at the top or one level down, it is left out. */
const hidden = [
  'password',
  'token',
  'secret',
  'cookie',
  'authorization',
  'answer',
  'content',
  'files',
  'body',
]

export const createLogger = (configuration: Pick<Configuration, 'LOG_LEVEL' | 'INSTALLATION_ID'>): Logger =>
  pino({
    level: configuration.LOG_LEVEL,
    base: { app: 'api', installation: configuration.INSTALLATION_ID },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [...hidden, ...hidden.map((key) => `*.${key}`), 'req.headers', 'res.headers'],
      censor: '[hidden]',
    },
  })

/** Lets Nest log through pino. Its lines about each mapped route are for debugging alone. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown, context?: string) {
    this.logger.debug({ context }, String(message))
  }
  error(message: unknown, ...rest: unknown[]) {
    const stack = message instanceof Error ? message.stack : rest.find((part) => typeof part === 'string')
    this.logger.error({ stack }, message instanceof Error ? message.message : String(message))
  }
  warn(message: unknown, context?: string) {
    this.logger.warn({ context }, String(message))
  }
  debug(message: unknown, context?: string) {
    this.logger.trace({ context }, String(message))
  }
  verbose(message: unknown, context?: string) {
    this.logger.trace({ context }, String(message))
  }
  fatal(message: unknown, context?: string) {
    this.logger.fatal({ context }, String(message))
  }
}

import type { LoggerService } from '@nestjs/common'
import { pino, type DestinationStream, type Logger } from 'pino'
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

/** Lines of JSON, to standard output unless told otherwise. */
export function createLogger(
  configuration: Pick<Configuration, 'LOG_LEVEL' | 'INSTALLATION_ID'>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: configuration.LOG_LEVEL,
    base: { app: 'api', installation: configuration.INSTALLATION_ID },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: {
      paths: [...hidden, ...hidden.map((key) => `*.${key}`), 'req.headers', 'res.headers'],
      censor: '[hidden]',
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Only what tells where it happened: a failed query carries its parameters, and those are people's answers and passwords. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : undefined
  return { type: error.name, code, message: error.message, stack: error.stack }
}

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

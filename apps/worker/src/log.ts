import { pino, type Logger } from 'pino'

export type { Logger }

/** Structured logs. What is logged is named field by field: never a job, its files or its secret. */
export const openLog = (level: string, worker: string): Logger =>
  pino({ level, base: { app: 'worker', worker }, timestamp: pino.stdTimeFunctions.isoTime })

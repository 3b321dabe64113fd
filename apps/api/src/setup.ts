/** One-shot: migrates, loads the courses, makes the first people; prints one line of JSON, the SetupReport. */
import 'reflect-metadata'
import { readConfiguration } from './platform/index.js'
import { setUp } from './setup/index.js'

setUp(readConfiguration(process.env)).then(
  (report) => process.stdout.write(`${JSON.stringify(report)}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)

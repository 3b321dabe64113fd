// Runs in the process of bootstrap.mjs, once dependencies are there and everything is built.

import type { StartOptions, TestOptions } from '../boot/options.mjs'
import type { Progress } from '../boot/progress.mjs'
import { check } from './check/check.js'
import { start } from './start.js'

/** @throws what is to be told to the person at the terminal; everything has been stopped then */
export async function main(
  options: StartOptions | TestOptions,
  root: string,
  progress: Progress,
): Promise<void> {
  if (options.command === 'start') await start(options, root, progress)
  else await check(options, root, progress)
}

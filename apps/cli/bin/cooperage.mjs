#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  console.error('cooperage is not built yet: run `npm start` or `pnpm build` in this folder first.')
  process.exitCode = 2
}

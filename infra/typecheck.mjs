#!/usr/bin/env node
// Type checks each room that has a tsconfig.json, two at a time, and prints what is wrong in all of them.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRooms } from './boot/stamps.mjs'

const root = path.resolve(fileURLToPath(import.meta.url), '../..')
const tsc = path.join(root, 'node_modules/typescript-quick/bin/tsc')
const waiting = findRooms(root).filter((room) => existsSync(path.join(room.folder, 'tsconfig.json')))
const failed = /** @type {string[]} */ ([])

/** @param {string} folder @returns {Promise<boolean>} */
function check(folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, '-p', folder], { cwd: root, stdio: 'inherit' })
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0))
  })
}

async function work() {
  for (let room = waiting.shift(); room; room = waiting.shift()) {
    if (!(await check(path.relative(root, room.folder)))) failed.push(room.name)
  }
}

await Promise.all([work(), work()])
if (failed.length > 0) {
  process.stderr.write(`Type errors in ${failed.sort().join(', ')}.\n`)
  process.exitCode = 1
}

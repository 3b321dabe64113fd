// Installs the dependencies and builds what changed, both only when their stamps say so.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buildStamp, dependencyStamp, findRooms, sourceFiles } from './stamps.mjs'
import { Trouble } from './trouble.mjs'

/**
 * @param {string} root
 * @param {{progress: import('./progress.mjs').Progress, rebuild: boolean, logs: string}} how logs: an existing folder
 */
export async function prepare(root, { progress, rebuild, logs }) {
  const rooms = findRooms(root)
  const pnpm = await installPnpm(root, progress, logs)
  await installDependencies(root, rooms, pnpm, { progress, rebuild, logs })
  await build(root, rooms, pnpm, { progress, rebuild, logs })
}

/** @param {string} root @param {import('./progress.mjs').Progress} progress @param {string} logs */
async function installPnpm(root, progress, logs) {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const wanted = String(manifest.packageManager).split('@')[1]
  const tools = path.join(root, '.cooperage', 'tools')
  const folder = path.join(tools, 'node_modules', 'pnpm')
  const description = () => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  if (!existsSync(path.join(folder, 'package.json')) || description().version !== wanted) {
    mkdirSync(tools, { recursive: true })
    // npm says where it is, unless another package manager runs this.
    const own = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined
    const npm = own ? [process.execPath, own] : ['npm']
    await progress.during(`Installing pnpm ${wanted}`, (step) =>
      run([...npm, 'install', '--prefix', tools, '--no-save', '--no-audit', '--no-fund', `pnpm@${wanted}`], {
        cwd: tools,
        log: path.join(logs, 'pnpm.log'),
        step,
        what: 'pnpm',
      }),
    )
  }
  const bin = description().bin
  const entry = path.join(folder, typeof bin === 'string' ? bin : bin.pnpm)
  return /\.[cm]?js$/.test(entry) ? [process.execPath, entry] : [entry]
}

/**
 * @typedef {{progress: import('./progress.mjs').Progress, rebuild: boolean, logs: string}} How
 * @param {string} root @param {import('./stamps.mjs').Room[]} rooms @param {string[]} pnpm @param {How} how
 */
async function installDependencies(root, rooms, pnpm, { progress, rebuild, logs }) {
  const stampFile = path.join(root, 'node_modules', '.cooperage-stamp')
  const stamp = dependencyStamp(root, rooms)
  const installed = rooms.every(
    (room) => room.needs.length === 0 || existsSync(path.join(room.folder, 'node_modules')),
  )
  if (!rebuild && installed && readStamp(stampFile) === stamp) return
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize < 1.5e9 && !existsSync(path.join(root, 'node_modules'))) {
    throw new Trouble(
      `Only ${Math.round((bavail * bsize) / 1e6)} MB are free where this folder is, and the dependencies need 1,500 MB.`,
      'Free some space, or move the folder to a larger disk.',
    )
  }
  await progress.during('Installing the dependencies', (step) =>
    run([...pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
      cwd: root,
      log: path.join(logs, 'install.log'),
      step,
      what: 'the dependencies',
    }),
  )
  writeFileSync(stampFile, stamp)
}

/** @param {string} root @param {import('./stamps.mjs').Room[]} rooms @param {string[]} pnpm @param {How} how */
async function build(root, rooms, pnpm, { progress, rebuild, logs }) {
  const stale = rooms
    .filter(
      (room) => room.build !== undefined && sourceFiles(room.folder).some((file) => file.startsWith('src')),
    )
    .map((room) => ({
      room,
      stamp: buildStamp(root, room, rooms),
      file: path.join(room.folder, 'dist', '.stamp'),
    }))
    .filter(({ stamp, file }) => rebuild || readStamp(file) !== stamp)
  if (stale.length === 0) return
  const names = stale.map(({ room }) => room.name.replace('@cooperage/', ''))
  await progress.during(`Building ${names.join(', ')}`, (step) => {
    for (const { room } of stale) rmSync(path.join(room.folder, 'dist'), { recursive: true, force: true })
    const filters = stale.flatMap(({ room }) => ['--filter', room.name])
    return run([...pnpm, '--workspace-concurrency=2', '--reporter=append-only', ...filters, 'run', 'build'], {
      cwd: root,
      log: path.join(logs, 'build.log'),
      step,
      what: 'the build',
    })
  })
  for (const { stamp, file } of stale) writeFileSync(file, stamp)
}

/** @param {string} file */
function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/**
 * Runs a command to its end, its output in a log and its last line as the step's detail.
 * @param {string[]} command
 * @param {{cwd: string, log: string, step: import('./progress.mjs').Step, what: string}} how
 * @returns {Promise<void>}
 */
function run([program = '', ...args], { cwd, log, step, what }) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CI: 'true', NO_COLOR: '1', npm_config_update_notifier: 'false' }
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = () => {
      child.kill('SIGTERM')
      process.exit(130)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output = (output + text).slice(-200_000)
        const last = text.trim().split('\n').at(-1)
        if (last) step.update(last)
      })
    }
    child.once('error', (error) => {
      reject(
        /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT'
          ? new Trouble(`${program} was not found.`, 'Install npm, which comes with Node, and start again.')
          : error,
      )
    })
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop)
      writeFileSync(log, output)
      if (code === 0) resolve()
      else reject(explain(what, output, log))
    })
  })
}

/** @param {string} what @param {string} output @param {string} log */
function explain(what, output, log) {
  if (/ENOSPC|No space left/i.test(output)) {
    return new Trouble(
      `The disk is full, so ${what} could not be installed.`,
      'Free some space and start again.',
    )
  }
  if (
    /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ERR_PNPM_(META_)?FETCH|ERR_SOCKET|network/i.test(
      output,
    )
  ) {
    return new Trouble(
      `A download for ${what} failed.`,
      `Check that this machine reaches the npm registry (a proxy goes into HTTPS_PROXY, another registry into ~/.npmrc) and start again; details are in ${log}.`,
    )
  }
  if (what === 'the build') {
    const lines = output.trim().split('\n').slice(-25).join('\n')
    return new Trouble(`The build failed:\n${lines}`, `The whole output is in ${log}.`)
  }
  const reason = output.split('\n').find((line) => /ERR|error/i.test(line))
  return new Trouble(
    `Installing ${what} failed${reason ? `: ${reason.trim()}` : '.'}`,
    `Details are in ${log}.`,
  )
}

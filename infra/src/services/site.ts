// The product's own processes: the one-shot setup, the API (which serves the page too) and the worker, each with the environment that
// it needs and nothing more.

import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import type { Progress } from '../../boot/progress.mjs'
import { Trouble } from '../../boot/trouble.mjs'
import type { Installation } from '../installation.js'
import { basicEnv } from '../supervise/child.js'
import { lastWords, type StartedService, superviseService } from '../supervise/supervisor.js'
import { type SetupResult, readSetupResult } from './setup-result.js'

export type SiteSettings = {
  root: string
  host: string
  port: number
  /** the address that people type, if it is not that of host and port */
  publicUrl: string | undefined
  /** folders of further courses */
  courses: string[]
  databaseUrl: string
  redisUrl: string
  demo: boolean
  /** why there are no labs, if there are none */
  labsOff?: string | undefined
}

/** Where this machine reaches the site. */
export function localUrl({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

/** Made by the API at its first start; no other process gets to know where it is. */
function receiptKeysFile(installation: Installation): string {
  return path.join(installation.folder, 'receipt-keys.json')
}

export function demoFile(installation: Installation): string {
  return path.join(installation.folder, 'demo.json')
}

/** Migrates, loads the courses, and makes the first people. Doing it again changes nothing that is there. */
export async function runSetup(installation: Installation, settings: SiteSettings): Promise<SetupResult> {
  const file = installation.openLog('setup')
  const log = openSync(file, 'a', 0o600)
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/setup.js'], {
    cwd: path.join(settings.root, 'apps/api'),
    env: apiEnv(installation, settings),
    stdio: ['ignore', 'pipe', log],
  })
  closeSync(log)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const result = code === 0 ? readSetupResult(output) : undefined
  if (!result) {
    throw new Trouble(
      `The database could not be prepared${lastWords(file)}`,
      `The whole output is in ${file}.`,
    )
  }
  return result
}

export function startApi(
  installation: Installation,
  settings: SiteSettings,
  progress: Progress,
): Promise<StartedService> {
  const url = localUrl(settings)
  return superviseService(
    {
      title: 'The site (API)',
      child: {
        command: process.execPath,
        args: ['--enable-source-maps', 'dist/main.js'],
        cwd: path.join(settings.root, 'apps/api'),
        env: { ...apiEnv(installation, settings), RECEIPT_KEYS_FILE: receiptKeysFile(installation) },
        log: installation.openLog('api'),
        runFile: installation.runFile('api'),
        graceMs: 20_000,
      },
      answers: async () => (await getStatus(`${url}/health/live`)).status === 200,
    },
    progress,
  )
}

export type WorkerSettings = { root: string; apiUrl: string; redisUrl: string; dockerHost: string }

/** The worker holds the engine, so it knows neither the database nor the API's secret. */
export function startWorker(
  installation: Installation,
  settings: WorkerSettings,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<StartedService> {
  const passed = [
    'LAB_CONCURRENCY',
    'LAB_MEMORY_MB',
    'LAB_RUNTIME',
    'LAB_WARM_MAX',
    'LAB_WARM_MEMORY_MB',
    'DOCKER_CERT_PATH',
    'LOG_LEVEL',
  ]
  return superviseService(
    {
      title: 'The worker',
      child: {
        command: process.execPath,
        args: ['--enable-source-maps', 'dist/main.js'],
        cwd: path.join(settings.root, 'apps/worker'),
        env: {
          ...basicEnv(),
          ...pick(env, passed),
          NODE_ENV: 'production',
          REDIS_URL: settings.redisUrl,
          API_URL: settings.apiUrl,
          WORKER_TOKEN: installation.secrets.workerToken,
          DOCKER_HOST: settings.dockerHost,
          INSTALLATION_ID: installation.id,
        },
        log: installation.openLog('worker'),
        runFile: installation.runFile('worker'),
        graceMs: 30_000,
      },
      // It has no port: whether it takes jobs, the API's readiness says.
      answers: async () => true,
    },
    progress,
  )
}

function apiEnv(installation: Installation, settings: SiteSettings): Record<string, string> {
  const { root } = settings
  return {
    ...basicEnv(),
    ...pick(process.env, ['LOG_LEVEL', 'TRUSTED_PROXIES']),
    NODE_ENV: 'production',
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    HOST: settings.host,
    PORT: String(settings.port),
    PUBLIC_URL: settings.publicUrl ?? localUrl(settings),
    COOPERAGE_SECRET: installation.secrets.cooperageSecret,
    WORKER_TOKEN: installation.secrets.workerToken,
    COOPERAGE_COURSES: [path.join(root, 'packages/course-docker'), ...settings.courses].join(':'),
    LAB_IMAGES_DIR: path.join(root, 'docker/labs'),
    WEB_ROOT: path.join(root, 'apps/web/dist'),
    INSTALLATION_ID: installation.id,
    ...(settings.demo ? { DEMO_FILE: demoFile(installation) } : {}),
    ...(settings.labsOff ? { LABS_OFF_REASON: settings.labsOff } : {}),
  }
}

function pick(env: NodeJS.ProcessEnv, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : [])))
}

/** @throws when nothing answers within three seconds */
export function getStatus(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { timeout: 3000, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.once('error', reject)
    })
    asking.once('timeout', () => asking.destroy(new Error('no answer in time')))
    asking.once('error', reject)
    asking.end()
  })
}

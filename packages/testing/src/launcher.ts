import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { ApiClient } from './api-client.js'

const repository = resolve(import.meta.dirname, '../../..')

const Demo = z.object({
  baseUrl: z.url(),
  cohortId: z.string(),
  joinCode: z.string(),
  users: z.array(z.object({ role: z.string(), email: z.string(), password: z.string() })),
})

/** The product as a user starts it, on a port and in a folder of its own. */
export interface RunningProduct {
  baseUrl: string
  demo: z.infer<typeof Demo>
  /** The launcher; its children are the services. */
  process: ChildProcess
  /** Everything that it printed so far. */
  output(): string
  /** The n-th demonstration person of a role, signed in. */
  as(role: string, n?: number): Promise<ApiClient>
  /** SIGTERM, and resolves with the exit code when all of it has stopped. */
  stop(): Promise<number | null>
}

/**
 * `npm start` with a data folder of its own; resolves when it says that it is ready.
 * @param options.data the data folder
 * @param options.args further options of `npm start`
 * @param options.env on top of this process's environment; undefined takes a variable away
 */
export async function startProduct(options: {
  data: string
  args?: string[]
  env?: Record<string, string | undefined>
}): Promise<RunningProduct> {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    ['infra/bootstrap.mjs', 'start', '--data', options.data, '--port', String(port), ...(options.args ?? [])],
    {
      cwd: repository,
      env: { ...process.env, NODE_OPTIONS: '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  const baseUrl = `http://127.0.0.1:${port}`
  await new Promise<void>((ready, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('Ready')) ready()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => failed(new Error(`npm start ended with ${code}:\n${output}`)))
  })
  const demo = Demo.parse(JSON.parse(await readFile(resolve(options.data, 'demo.json'), 'utf8')))
  return {
    baseUrl,
    demo,
    process: child,
    output: () => output,
    as: async (role, n = 0) => {
      const user = demo.users.filter((candidate) => candidate.role === role)[n]
      if (!user) throw new Error(`no ${role} number ${n} in the demonstration data`)
      return new ApiClient(baseUrl).signIn(user.email, user.password)
    },
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

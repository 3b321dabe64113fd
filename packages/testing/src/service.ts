import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Account {
  uid: number
  gid: number
}

/** A folder of the service's own, which its account owns. */
export function serviceFolder(name: string, account: Account | null): string {
  const folder = mkdtempSync(join(tmpdir(), `cooperage-${name}-`))
  if (account) chownSync(folder, account.uid, account.gid)
  return folder
}

/** Databases refuse to run as root: then under the account of their package, or of nobody. Null: as whoever runs the tests. */
export function unprivileged(name: string): Account | null {
  if (process.getuid?.() !== 0) return null
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = [name, 'nobody'].flatMap(
    (user) => lines.find((entry) => entry.startsWith(`${user}:`)) ?? [],
  )[0]
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined)
    throw new Error(`there is neither an account ${name} nor nobody`)
  return { uid: Number(uid), gid: Number(gid) }
}

/**
 * Starts a service that stops, and whose folder goes, when `stop` is called or this process ends in whatever way.
 * Resolves at once: wait until it answers.
 */
export function startService(plan: {
  command: string
  args: string[]
  folder: string
  account: Account | null
  signal: NodeJS.Signals
  /** A file that goes with it. */
  note?: string
}): { stop(): Promise<void>; ended(): boolean } {
  const { account, ...rest } = plan
  const supervisor: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, 'supervise.mjs'), JSON.stringify({ ...rest, ...account })],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: process.env.PATH, LC_ALL: 'C' } },
  )
  // The test process may end while it runs: that is what stops it.
  supervisor.unref()
  const pipe = supervisor.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null
  pipe?.unref?.()
  const ended = () => supervisor.exitCode !== null || supervisor.signalCode !== null
  return {
    ended,
    async stop() {
      if (ended()) return
      const exit = once(supervisor, 'exit')
      supervisor.ref()
      supervisor.stdin?.end()
      await exit
    },
  }
}

/** The first of these programs in these folders or on the path, or null. */
export function findProgram(names: readonly string[], folders: readonly string[] = []): string | null {
  const path = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  const candidates = [...folders, ...path, '/usr/sbin', '/usr/bin'].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  )
  return candidates.find(isExecutable) ?? null
}

/** Names in a folder; none when it is not there. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

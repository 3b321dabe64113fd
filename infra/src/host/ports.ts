import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import net from 'node:net'
import { commandLine } from './processes.js'

/** Whether a server can listen there now; throws on an address that is not this machine's. */
export function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** A port of the loopback that nobody listens on now: the remembered one if it still is free. */
export async function freePort(remembered?: number): Promise<number> {
  if (remembered !== undefined && (await isFree(remembered, '127.0.0.1'))) return remembered
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('the system gave no port'))
      })
    })
  })
}

/** Which process listens on the port, as far as this user may know: `nginx (process 812)`. */
export function findListener(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return undefined
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (socketsOf(name).some((inode) => inodes.has(inode))) {
      return `${commandLine(Number(name)).slice(0, 60) || 'a program'} (process ${name})`
    }
  }
  return undefined
}

/** proc(5), net/tcp: field 1 is the local address with the port in hex, 3 the state (0A is LISTEN), 9 the inode. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readLines(table)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? [])
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

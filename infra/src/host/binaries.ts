import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The full path of a program on the path (or where a system keeps its daemons), or undefined. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':').filter(Boolean), ...systemFolders]
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((candidate) => isExecutable(candidate))
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** The folders of programs of the PostgreSQL versions that the system has, newest first. */
export function installedPostgres(): string[] {
  const versions = list('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
  const folders = versions.map((version) => `/usr/lib/postgresql/${version}/bin`)
  const onPath = findProgram('postgres')
  if (onPath) folders.push(path.dirname(onPath))
  return folders.filter(
    (folder) => isExecutable(path.join(folder, 'postgres')) && isExecutable(path.join(folder, 'initdb')),
  )
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

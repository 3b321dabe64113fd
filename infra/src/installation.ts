// The state folder: where everything lives that this installation keeps, and which secrets and ports it uses.

import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { type Account, canEnter, isRoot } from './host/accounts.js'

type Secrets = {
  /** twelve hex digits; names this installation's containers, cgroup and folders */
  installationId: string
  /** 64 hex digits; the API signs and encrypts with it */
  cooperageSecret: string
  workerToken: string
  postgresSuperuser: string
  postgresApp: string
  redisAdmin: string
  redisApi: string
  redisWorker: string
}

export type Installation = {
  id: string
  folder: string
  secrets: Secrets
  /** the log file of a service, the previous ones rotated away */
  openLog: (service: string) => string
  port: (service: string) => number | undefined
  rememberPort: (service: string, port: number) => void
  /** where a process of a service is written down, for the next start to find what this one left */
  runFile: (service: string) => string
  /** a folder for data of a service: in the state folder, or under /var/lib/cooperage when its account cannot get there */
  place: (name: string, access: PlaceAccess) => string
}

type PlaceAccess = {
  /** whose the folder is, with mode 0700; root's or the caller's own if there is none */
  owner?: Account | undefined
  /** an account that must be able to pass through it, mode 0711 */
  visitor?: Account
}

/** Opens the state folder, made on first use. */
export function openInstallation(given: string): Installation {
  const folder = path.resolve(given)
  mkdirSync(folder, { recursive: true })
  // Accounts of services must pass through, without seeing what is here.
  chmodSync(folder, isRoot() ? 0o711 : 0o700)
  for (const name of ['logs', 'run']) mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 })
  const secrets = openSecrets(path.join(folder, 'secrets.json'))
  const portsFile = path.join(folder, 'run', 'ports.json')
  const ports = new Map<string, number>(Object.entries(readJson(portsFile)))
  return {
    id: secrets.installationId,
    folder,
    secrets,
    openLog: (service) => rotate(path.join(folder, 'logs', `${service}.log`)),
    port: (service) => ports.get(service),
    rememberPort: (service, port) => {
      ports.set(service, port)
      writeFileSync(portsFile, JSON.stringify(Object.fromEntries(ports)))
    },
    runFile: (service) => path.join(folder, 'run', `${service}.json`),
    place: (name, access) => place(folder, secrets.installationId, name, access),
  }
}

function openSecrets(file: string): Secrets {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  const fresh: Secrets = {
    installationId: hex(6),
    cooperageSecret: hex(32),
    workerToken: hex(32),
    postgresSuperuser: hex(24),
    postgresApp: hex(24),
    redisAdmin: hex(24),
    redisApi: hex(24),
    redisWorker: hex(24),
  }
  const stored: Partial<Secrets> = readJson(file)
  const secrets = { ...fresh, ...stored }
  if (Object.keys(fresh).some((key) => !(key in stored))) {
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, JSON.stringify(secrets, null, 2), { mode: 0o600 })
    renameSync(draft, file)
  }
  return secrets
}

function readJson(file: string): Record<string, never> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

/** Keeps the last three logs of a service. */
function rotate(file: string): string {
  for (const number of [2, 1]) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`)
  }
  if (existsSync(file)) renameSync(file, `${file}.1`)
  return file
}

function place(state: string, id: string, name: string, access: PlaceAccess): string {
  const here = path.join(state, name)
  const elsewhere = path.join('/var/lib/cooperage', id, name)
  const account = access.owner ?? access.visitor
  const isLink = lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
  if (!isLink && (account === undefined || canEnter(state, account))) return own(here, access)

  mkdirSync(path.dirname(elsewhere), { recursive: true })
  chmodSync('/var/lib/cooperage', 0o711)
  chmodSync(path.dirname(elsewhere), 0o711)
  if (isLink) {
    const target = existsSync(here) ? realpathSync(here) : elsewhere
    if (target !== elsewhere) return own(target, access)
  } else {
    // The state folder was reachable once and no longer is: what was stored moves along.
    if (existsSync(here)) spawnSync('mv', [here, elsewhere])
    symlinkSync(elsewhere, here)
  }
  return own(elsewhere, access)
}

function own(folder: string, { owner, visitor }: PlaceAccess): string {
  const mode = visitor ? 0o711 : 0o700
  mkdirSync(folder, { recursive: true, mode })
  chmodSync(folder, mode)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  return realpathSync(folder)
}

/** gVisor on this machine: where it is, and with which of its platforms it works here. Docker only needs to be told. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** An entry of `runtimes` in the engine's `daemon.json`. */
export interface EngineRuntime {
  readonly path: string
  readonly runtimeArgs: readonly string[]
}

/**
 * How gVisor intercepts system calls, the best first. systrap is its own default since 2023. Releases before it have kvm and ptrace,
 * which works everywhere and is slow. On a virtual machine kvm is no gain, or hangs with a whole core, though `/dev/kvm` is there.
 */
const platforms = async () =>
  (await isVirtualMachine()) ? ['systrap', 'ptrace'] : ['systrap', 'kvm', 'ptrace']

/** A platform that does not work here says so at once, or hangs. */
const TRIAL_MS = 10_000

/** Labs have no network: with gVisor's own, a start would look for interfaces and routes that are not there. */
const ARGUMENTS = ['--network=none']

/**
 * gVisor as the engine is to run it, or why it cannot: a sentence. Each platform is tried with a program that does nothing.
 *
 * @param env `PATH`; `RUNSC_PATH` names the program instead, `RUNSC_PLATFORM` a platform that is then not tried
 */
export async function findGvisor(
  env: NodeJS.ProcessEnv,
): Promise<EngineRuntime | { readonly missing: string }> {
  const path = await findProgram(env)
  if (path === undefined) {
    const where = env.RUNSC_PATH ? `at ${env.RUNSC_PATH}` : 'on the path'
    return { missing: `There is no program runsc ${where}.` }
  }
  const named = env.RUNSC_PLATFORM
  if (named) return { path, runtimeArgs: [`--platform=${named}`, ...ARGUMENTS] }
  const candidates = await platforms()
  for (const platform of candidates) {
    const runtimeArgs = [`--platform=${platform}`, ...ARGUMENTS]
    if (await works(path, runtimeArgs)) return { path, runtimeArgs }
  }
  return {
    missing: `${path} starts no sandbox on this machine with any of its platforms (${candidates.join(', ')}).`,
  }
}

async function findProgram(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const candidates = env.RUNSC_PATH
    ? [env.RUNSC_PATH]
    : [...(env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'].map((folder) =>
        join(folder, 'runsc'),
      )
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return candidate
  }
  return undefined
}

/** The processor itself says so to whoever runs on a hypervisor. */
async function isVirtualMachine(): Promise<boolean> {
  const processors = await readFile('/proc/cpuinfo', 'utf8').catch(() => '')
  return /^flags\s*:.*\bhypervisor\b/m.test(processors)
}

async function works(path: string, runtimeArgs: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'cooperage-runsc-'))
  // A group of its own: what hangs is more than one process.
  const child = spawn(path, [...runtimeArgs, 'do', 'true'], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', TMPDIR: folder },
    stdio: 'ignore',
    detached: true,
  })
  const stop = new AbortController()
  try {
    const ended = once(child, 'exit').then(
      ([code]) => code === 0,
      () => false,
    )
    const late = sleep(TRIAL_MS, false, { signal: stop.signal }).catch(() => false)
    return await Promise.race([ended, late])
  } finally {
    stop.abort()
    if (child.pid !== undefined) endGroup(child.pid)
    await rm(folder, { recursive: true, force: true })
  }
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // All of it has ended.
  }
}

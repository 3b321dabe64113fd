/** One command in a running container, by the engine's exec: bounded in time and output. */
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { EngineFault, type Command, type Isolation } from '../port.js'
import { RUNTIMES } from '../runtimes.js'
import { call, statusOf } from './connection.js'
import { BoundedOutput } from './demux.js'
import { quiet } from './streams.js'

type ExecEnd =
  /** `code` is the engine's. `started` is false when no process was ever made; `code` is then the engine's stand-in. */
  | { readonly kind: 'ended'; readonly code: number; readonly started: boolean }
  /** `started` is false when the runtime had not come so far as to start it. */
  | { readonly kind: 'timeout'; readonly started: boolean }
  | { readonly kind: 'flood' }
  /** The container is not there or does not run; why is for its own inspection to say. */
  | { readonly kind: 'gone' }

export interface ExecResult {
  readonly end: ExecEnd
  readonly output: BoundedOutput
  readonly durationMs: number
}

/**
 * After the process has ended its last output may be on the way; but a process that it left behind can hold the
 * stream open. So it is read until it has been silent for `silentMs`, `longestMs` at most. Long enough for an
 * engine on a busy host, whose word that the process ended may come before what it printed: only programs that
 * leave something behind pay for it.
 */
const LAST_OUTPUT = { silentMs: 1000, longestMs: 3000 }

/**
 * How long the runtime may take to start a command, whatever time the command has: that time is not the command's. In a
 * container whose CPU is used up by what runs there already it can take seconds.
 */
const START_MS = 10_000

/** Runs a command and does not kill: on timeout and flood that is the caller's to do. Throws EngineFault. */
export async function exec(
  container: Docker.Container,
  command: Command,
  isolation: Isolation,
): Promise<ExecResult> {
  const output = new BoundedOutput(command.maxBytes)
  const began = performance.now()
  const result = (end: ExecEnd): ExecResult => ({
    end,
    output,
    durationMs: Math.round(performance.now() - began),
  })

  const handle = await unlessGone(
    call('exec create', (abortSignal) =>
      container.exec({
        Cmd: [...command.argv],
        Env: Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${value}`),
        WorkingDir: command.cwd ?? '/workspace',
        AttachStdin: command.stdin !== undefined,
        AttachStdout: true,
        AttachStderr: true,
        abortSignal,
      }),
    ),
  )
  if (handle === 'gone') return result({ kind: 'gone' })

  const stream = await unlessGone(
    call('exec start', () => handle.start({ hijack: true, stdin: command.stdin !== undefined }).then(quiet), {
      discard: (late) => late.destroy(),
    }),
  )
  if (stream === 'gone') return result({ kind: 'gone' })

  try {
    const deadline = performance.now() + command.timeoutMs
    const wire = follow(stream, output)
    if (command.stdin !== undefined) stream.end(command.stdin)
    // The stream's end is the quick sign that the process ended; but a process that it left behind can hold
    // the stream open, and a process can close its output and go on: the engine's word decides.
    let pause = 150
    for (;;) {
      const now = performance.now()
      const wait = now < deadline ? Math.min(pause, deadline - now) : pause
      if (wire.open) await first(wire.done, wait)
      else await sleep(wait)
      if (output.flooded) return result({ kind: 'flood' })
      const state = await unlessGone(call('exec inspect', (abortSignal) => handle.inspect({ abortSignal })))
      if (state === 'gone') return result({ kind: 'gone' })
      // Before its start an exec does not run either, but has no exit code (which the types do not know).
      const code = state.ExitCode as number | null
      if (!state.Running && code !== null) {
        await lastOutput(wire)
        return result(output.flooded ? { kind: 'flood' } : { kind: 'ended', code, started: state.Pid !== 0 })
      }
      if (performance.now() >= deadline) {
        if (state.Pid !== 0) {
          if (RUNTIMES[isolation].listsProcesses) await expectProcess(container, state.Pid)
          return result({ kind: 'timeout', started: true })
        }
        if (performance.now() >= began + START_MS) return result({ kind: 'timeout', started: false })
      }
      pause = wire.open ? Math.min(pause * 1.5, 500) : wire.nextPause()
    }
  } finally {
    stream.destroy()
  }
}

/** Reads the stream into the output; `done` resolves at its end, at its error and at a flood, and never rejects. */
function follow(stream: Duplex, output: BoundedOutput) {
  let pause = 2
  const wire = {
    open: true,
    /** When output last came, as `performance.now()`. */
    heard: performance.now(),
    done: Promise.resolve(),
    /** After the stream's end the process is about to end: 4, 8, … milliseconds. */
    nextPause: () => (pause = Math.min(pause * 2, 250)),
  }
  wire.done = new Promise<void>((resolve) => {
    const end = () => {
      wire.open = false
      resolve()
    }
    stream.on('data', (bytes: Buffer) => {
      wire.heard = performance.now()
      if (output.push(bytes)) return
      stream.destroy()
      end()
    })
    stream.once('end', end)
    stream.once('close', end)
    stream.once('error', end)
  })
  return wire
}

/**
 * An engine whose containerd was killed and came back may have missed that the process ended, and would have it
 * run for ever: that is not the learner's time. An engine that cannot list processes is believed.
 */
async function expectProcess(container: Docker.Container, pid: number): Promise<void> {
  const listing = await call('top', () => container.top() as Promise<ProcessList>).catch(() => undefined)
  const column = listing?.Titles?.indexOf('PID') ?? -1
  if (!listing?.Processes || column === -1) return
  if (!listing.Processes.some((process) => process[column] === String(pid))) {
    throw new EngineFault('the engine missed the end of a command')
  }
}

/** The answer of `GET /containers/:id/top`. */
interface ProcessList {
  readonly Titles?: readonly string[]
  readonly Processes?: readonly (readonly string[])[]
}

async function lastOutput(wire: {
  readonly open: boolean
  readonly heard: number
  readonly done: Promise<void>
}) {
  const ended = performance.now()
  for (;;) {
    const now = performance.now()
    const silent = Math.max(wire.heard, ended) + LAST_OUTPUT.silentMs - now
    if (!wire.open || silent <= 0 || now - ended > LAST_OUTPUT.longestMs) return
    await first(wire.done, silent)
  }
}

/**
 * 404 and 409 of an exec say that its container (or it) is not there or does not run; so does a 500 of those words, of a container that
 * ended between two looks of the engine.
 */
async function unlessGone<T>(answer: Promise<T>): Promise<T | 'gone'> {
  try {
    return await answer
  } catch (fault) {
    const status = statusOf(fault)
    if (!(fault instanceof EngineFault)) throw fault
    if (status === 404 || status === 409) return 'gone'
    if (status === 500 && /container not running|is not running/.test(fault.message)) return 'gone'
    throw fault
  }
}

/** Waits for `done`, but no longer than `ms`. */
async function first(done: Promise<void>, ms: number): Promise<void> {
  const stop = new AbortController()
  const clock = sleep(Math.max(0, ms), undefined, { signal: stop.signal }).catch(() => undefined)
  await Promise.race([done, clock])
  stop.abort()
}

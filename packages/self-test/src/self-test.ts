/** Carries attacks out one after the other and makes a report. */
import type { SelfTestReport, SelfTestRow } from '@cooperage/contracts'
import type { HostFacts, LabEngine } from '@cooperage/sandbox'
import { Arena, type ArenaOptions } from './arena.js'
import type { Attack } from './attack.js'
import { attacks } from './attacks/index.js'
import { hostNotes } from './host-notes.js'

export interface SelfTestOptions extends Omit<ArenaOptions, 'host'> {
  readonly engine: LabEngine
  readonly scope: SelfTestReport['scope']
  /** Called after each attack. Must not throw. */
  readonly onRow?: (row: SelfTestRow) => void
  /** Ends it early: the report has the rows so far, and the others as untried. */
  readonly signal?: AbortSignal
}

/** An attack without an end of its own says nothing after this time (milliseconds). */
const attackMs = 30_000

/** Throws EngineFault when the engine does not answer at all; else every failure is a row. */
export async function runSelfTest(options: SelfTestOptions): Promise<SelfTestReport> {
  const startedAt = new Date().toISOString()
  const host = await options.engine.host()
  const rows: SelfTestRow[] = []
  for (const attack of attacks.filter(({ quick }) => quick || options.scope === 'full')) {
    const row = options.signal?.aborted
      ? rowOf(attack, 'untried', 'the test was stopped before', 0)
      : await runAttack(attack, { ...options, host })
    rows.push(row)
    options.onRow?.(row)
  }
  return {
    scope: options.scope,
    host: { id: host.id, name: host.name.slice(0, 253), engine: describe(host) },
    startedAt,
    finishedAt: new Date().toISOString(),
    rows,
    notes: hostNotes(host),
  }
}

/** One attack in an arena of its own. Never rejects. */
export async function runAttack(attack: Attack, options: ArenaOptions): Promise<SelfTestRow> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  let timer: NodeJS.Timeout | undefined
  try {
    await using arena = new Arena(options)
    const clock = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end within ${attackMs / 1000} seconds`)), attackMs)
    })
    const { held, happened } = await Promise.race([attack.run(arena), clock])
    return rowOf(attack, held ? 'held' : 'broken', happened, took())
  } catch (error) {
    return rowOf(attack, 'untried', error instanceof Error ? error.message : String(error), took())
  } finally {
    clearTimeout(timer)
  }
}

/** The rows for which labs are off: those that matter and have not held. */
export const rowsThatFail = (report: Pick<SelfTestReport, 'rows'>): readonly SelfTestRow[] =>
  report.rows.filter((row) => row.matters && row.verdict !== 'held')

function rowOf(attack: Attack, verdict: SelfTestRow['verdict'], happened: string, ms: number): SelfTestRow {
  const { id, tried, stoppedBy, matters } = attack
  return { id, tried, happened: happened.slice(0, 500), stoppedBy, verdict, matters, durationMs: ms }
}

const describe = (host: HostFacts) =>
  `Docker Engine ${host.engineVersion}, kernel ${host.kernel}, ${host.architecture}, cgroup v${host.cgroupVersion}`.slice(
    0,
    200,
  )

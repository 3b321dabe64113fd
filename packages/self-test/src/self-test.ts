/** Carries attacks out, two at a time where they do not disturb each other, and makes a report. */
import type { SelfTestReport, SelfTestRow } from '@cooperage/contracts'
import { failingRows, plainText } from '@cooperage/domain'
import type { HostFacts, LabEngine } from '@cooperage/sandbox'
import { Arena, type ArenaOptions } from './arena.js'
import type { Attack } from './attack.js'
import { attacks } from './attacks/index.js'
import { hostNotes } from './host-notes.js'

export interface SelfTestOptions extends Omit<ArenaOptions, 'host'> {
  readonly engine: LabEngine
  readonly scope: SelfTestReport['scope']
  /** Called after each attack, in the order in which they end. Must not throw. */
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
  const wanted = attacks.filter(({ quick }) => quick || options.scope === 'full')
  const rows = new Map<string, SelfTestRow>()
  const work = async (queue: Attack[]) => {
    for (let attack = queue.shift(); attack; attack = queue.shift()) {
      const row = await tryOut(attack, { ...options, host })
      rows.set(attack.id, row)
      options.onRow?.(row)
    }
  }
  // Most of an attack's time is the engine's, which starts and removes containers: two at a time take little more than one.
  const together = wanted.filter(({ alone }) => !alone)
  await Promise.all([work(together), work(together)])
  await work(wanted.filter(({ alone }) => alone))
  return {
    scope: options.scope,
    host: { id: host.id, name: plainText(host.name, 253), engine: plainText(describe(host), 200) },
    startedAt,
    finishedAt: new Date().toISOString(),
    rows: wanted.flatMap(({ id }) => rows.get(id) ?? []),
    notes: hostNotes(host),
  }
}

/**
 * Ids of rows that say little of a host that was busy: what is measured or short of time, and what could not be carried out. An attack
 * that got through otherwise has got through, however it ends the next time.
 */
export function doubtfulRows({ rows }: Pick<SelfTestReport, 'rows'>): string[] {
  const measured = new Set(attacks.filter(({ alone }) => alone).map(({ id }) => id))
  return failingRows(rows)
    .filter(({ id, verdict }) => verdict === 'untried' || measured.has(id))
    .map(({ id }) => id)
}

/** Carries the doubtful rows out once more, one after the other; their second verdict counts. Throws EngineFault. */
export async function tryAgain(report: SelfTestReport, options: SelfTestOptions): Promise<SelfTestReport> {
  const host = await options.engine.host()
  const again = new Set(doubtfulRows(report))
  const rows = new Map(report.rows.map((row) => [row.id, row]))
  for (const attack of attacks.filter(({ id }) => again.has(id))) {
    const row = await tryOut(attack, { ...options, host })
    rows.set(attack.id, row)
    options.onRow?.(row)
  }
  return { ...report, finishedAt: new Date().toISOString(), rows: [...rows.values()] }
}

/** What could not be carried out is tried a second time: an engine may have a bad moment. */
async function tryOut(attack: Attack, options: ArenaOptions & SelfTestOptions): Promise<SelfTestRow> {
  const stopped = () => rowOf(attack, 'untried', 'the test was stopped before', 0)
  if (options.signal?.aborted) return stopped()
  const row = await runAttack(attack, options)
  if (row.verdict !== 'untried' || row.durationMs >= attackMs) return row
  return options.signal?.aborted ? stopped() : runAttack(attack, options)
}

/** One attack in an arena of its own. Never rejects. */
export async function runAttack(attack: Attack, options: ArenaOptions): Promise<SelfTestRow> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  try {
    await using arena = new Arena(options)
    const clock = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end within ${attackMs / 1000} seconds`)), attackMs)
      stop = () => reject(new Error('it was stopped'))
      options.signal?.addEventListener('abort', stop)
    })
    const { held, happened, matters } = await Promise.race([attack.run(arena), clock])
    const row = rowOf(attack, held ? 'held' : 'broken', happened, took())
    return matters === false ? { ...row, matters } : row
  } catch (error) {
    return rowOf(attack, 'untried', error instanceof Error ? error.message : String(error), took())
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}

function rowOf(attack: Attack, verdict: SelfTestRow['verdict'], happened: string, ms: number): SelfTestRow {
  const { id, tried, stoppedBy, matters } = attack
  return { id, tried, happened: plainText(happened, 500), stoppedBy, verdict, matters, durationMs: ms }
}

const describe = (host: HostFacts) =>
  `Docker Engine ${host.engineVersion}, kernel ${host.kernel}, ${host.architecture}, cgroup v${host.cgroupVersion}`

/**
 * The sandbox is tested on this very host before any job is taken: at the start, when the engine was away for long or is another
 * one, and in full when an admin asks. What has not held keeps labs off until an admin accepts the risk of it.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabHostOrders, SelfTestReport, WorkerHeartbeat } from '@cooperage/contracts'
import { failingRows, latestRows, whyOff } from '@cooperage/domain'
import type { LabEngine } from '@cooperage/sandbox'
import { doubtfulRows, runSelfTest, tryAgain, type SelfTestOptions } from '@cooperage/self-test'
import type { HostOrders } from './host-orders.js'
import { ApiRefused } from './internal-api.js'
import type { Logger } from './log.js'

export type Off = WorkerHeartbeat['off']

/** One small question in this time (ms). */
const ordersMs = 3_000
/** An engine that was away for longer may be another one in all but its name: an upgrade, other settings (ms). */
const longAwayMs = 30_000
/** What could not be carried out may be possible later (ms). */
const againMs = 60_000
/** For gradings under way to end before doubtful rows are tried again on a quiet host (ms). */
const quietMs = 90_000

export interface SelfTestParts {
  readonly engine: LabEngine
  readonly worker: string
  readonly orders: HostOrders
  /** Tag of the `shell` lab image, once the engine has it. */
  readonly image: () => string | undefined
  /** Whether the engine answers, asked now. */
  readonly engineAnswers: () => Promise<boolean>
  /** Gradings under way. */
  readonly busy: () => number
  /** `off` may be another. Must not throw. */
  readonly onChange: () => void
  readonly log: Logger
}

export class SelfTest {
  /** Null while this engine's sandbox has no verdict. */
  private verdict: { readonly off: string | null } | null = null
  private waitsFor = 'the sandbox self-test runs'
  private hostId: string | null = null
  private awaySince: number | null = null
  /** Counts how often the engine went away: what was found across such a moment says nothing. */
  private outages = 0
  /** The engine is back, and may be another. */
  private unsure = true
  private readonly unreported: SelfTestReport[] = []
  private orders: LabHostOrders | null = null
  /** Why labs would be off by a report that the API has not taken. */
  private unheard: string | null = null
  private full: Promise<void> | null = null
  /** Labs are off for a row that the quick test does not have: the full one says whether it still is so. */
  private fullIsDue = false
  private quiet = false
  /** Not before (ms since 1970). */
  private next = { quick: Infinity, full: 0, orders: 0 }
  private readonly pods = new Set<string>()
  private readonly stop = new AbortController()
  private wake = new AbortController()
  private running: Promise<void> = Promise.resolve()

  constructor(private readonly parts: SelfTestParts) {}

  /** Null when the sandbox holds here, or an admin has accepted that it does not. */
  get off(): Off {
    if (this.verdict === null || this.unsure) return { cause: 'testing', reason: this.waitsFor }
    if (this.verdict.off !== null) return { cause: 'self-test', reason: this.verdict.off }
    if (this.quiet) return { cause: 'testing', reason: 'the sandbox self-test tries again what has not held' }
    return null
  }

  /** The lab host, once the engine has said so. */
  get host(): string | null {
    return this.hostId
  }

  holds(pod: string): boolean {
    return this.pods.has(pod)
  }

  start(): void {
    this.running = this.run()
  }

  engineIsBack(): void {
    this.unsure = true
    this.look()
  }

  engineIsAway(): void {
    this.outages += 1
    this.awaySince ??= Date.now()
  }

  /** Something that is waited for may be there. */
  look(): void {
    this.wake.abort()
  }

  /** What is under way ends when its containers are removed. */
  async close(): Promise<void> {
    this.stop.abort()
    this.look()
    await Promise.all([this.running, this.full])
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      this.wake = new AbortController()
      try {
        await this.step()
      } catch (error) {
        this.parts.log.warn({ reason: (error as Error).message }, 'the self-test could not be carried out')
      }
      this.parts.onChange()
      await sleep(ordersMs, undefined, { signal: this.wake.signal }).catch(() => undefined)
    }
  }

  /** Throws EngineFault. */
  private async step(): Promise<void> {
    if (this.unsure) await this.recognise()
    if (this.verdict === null || Date.now() >= this.next.quick) await this.testQuickly()
    if (this.verdict === null) return
    if (this.unreported.length > 0 || Date.now() >= this.next.orders) await this.ask()
    if (this.full) return
    this.quiet = false
    const wanted = this.fullIsDue || this.orders?.fullTestRequested === true
    if (wanted && this.unreported.length === 0 && Date.now() >= this.next.full) {
      this.full = this.testFully().finally(() => {
        this.full = null
        this.look()
      })
    }
  }

  /** Whether it is the engine that was tested. */
  private async recognise(): Promise<void> {
    if (!(await this.parts.engineAnswers())) return
    const { outages } = this
    const { id } = await this.parts.engine.host()
    if (outages !== this.outages) return
    const away = this.awaySince === null ? 0 : Date.now() - this.awaySince
    if (id !== this.hostId || away > longAwayMs) {
      this.verdict = null
      this.orders = null
      this.unheard = null
      this.hostId = id
    }
    this.awaySince = null
    this.unsure = false
  }

  private async testQuickly(): Promise<void> {
    const image = this.parts.image()
    if (this.unsure || image === undefined) {
      this.waitsFor = image === undefined ? 'waiting for the lab image shell' : 'waiting for the lab engine'
      return
    }
    this.waitsFor = 'the sandbox self-test runs'
    this.parts.onChange()
    const report = await this.carryOut((options) => runSelfTest({ ...options, image, scope: 'quick' }))
    if (!report) return
    this.unreported.push(report)
    const failing = failingRows(report.rows)
    const untried = failing.length > 0 && failing.every(({ verdict }) => verdict === 'untried')
    this.next.quick = untried ? Date.now() + againMs : Infinity
    this.tell(report)
    await this.ask()
    this.fullIsDue = failing.length === 0 && this.verdict?.off !== null
  }

  /**
   * Beside the gradings, in pods as small as theirs: a full test takes the better part of a minute, and jobs shall not wait for it.
   * What is in doubt then is tried once more on a quiet host, with no job beside it, before it counts: some attacks are measured,
   * and a busy host measures badly.
   */
  private async testFully(): Promise<void> {
    try {
      const image = this.parts.image()
      if (image === undefined) return
      let report = await this.carryOut((options) => runSelfTest({ ...options, image, scope: 'full' }))
      if (report && doubtfulRows(report).length > 0) {
        const doubtful = report
        report = await this.alone(() =>
          this.carryOut((options) => tryAgain(doubtful, { ...options, image, scope: 'full' })),
        )
      }
      if (!report) return
      this.unreported.push(report)
      this.fullIsDue = false
      this.tell(report)
    } catch (error) {
      this.parts.log.warn({ reason: (error as Error).message }, 'the full self-test could not be carried out')
    } finally {
      this.next.full = Date.now() + againMs
    }
  }

  /** Null when it says nothing, because the engine went away or this worker stops. Throws EngineFault. */
  private async carryOut(
    test: (options: Pick<SelfTestOptions, 'engine' | 'owner' | 'signal'>) => Promise<SelfTestReport>,
  ): Promise<SelfTestReport | null> {
    const { engine, worker, engineAnswers } = this.parts
    const { outages } = this
    const pod = `self-test-${randomBytes(6).toString('hex')}`
    this.pods.add(pod)
    try {
      const report = await test({ engine, owner: { worker, pod }, signal: this.stop.signal })
      const untried = report.rows.some(({ verdict }) => verdict === 'untried')
      const lost = this.stop.signal.aborted || (untried && !(await engineAnswers()))
      if (report.host.id !== this.hostId) this.unsure = true
      return lost || this.unsure || outages !== this.outages ? null : report
    } finally {
      this.pods.delete(pod)
    }
  }

  /** Begins when the gradings under way have ended; jobs are taken again when the API has heard of what was found. */
  private async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    this.quiet = true
    this.parts.onChange()
    const until = Date.now() + quietMs
    while (this.parts.busy() > 0 && Date.now() < until && !this.stop.signal.aborted) await sleep(200)
    return work()
  }

  /**
   * Brings what was found, else asks. The API's word is the verdict, since it knows of other reports and of accepted risks. While it
   * gives none, what was found here counts; what it refuses to take is not brought again, and counts all the same.
   */
  private async ask(): Promise<void> {
    const { orders, log } = this.parts
    this.next.orders = Date.now() + ordersMs - 100
    try {
      do {
        const [report] = this.unreported
        this.orders = report ? await orders.report(report) : await orders.get(this.hostId ?? '')
        if (report) this.unheard = null
        this.unreported.shift()
      } while (this.unreported.length > 0)
      this.verdict = { off: this.orders.off ?? this.unheard }
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'no word from the API on the self-test')
      this.unheard = whyOff(failingRows(latestRows(this.unreported))) ?? this.unheard
      if (error instanceof ApiRefused) this.unreported.shift()
      this.verdict = { off: this.unheard ?? this.orders?.off ?? null }
    }
  }

  private tell({ scope, rows, startedAt, finishedAt }: SelfTestReport): void {
    const failed = rows
      .filter(({ verdict }) => verdict !== 'held')
      .map(({ id, verdict }) => `${id}: ${verdict}`)
    const ms = Date.parse(finishedAt) - Date.parse(startedAt)
    if (failed.length === 0) this.parts.log.info({ scope, rows: rows.length, ms }, 'the sandbox holds')
    else this.parts.log.error({ scope, failed, ms }, 'the sandbox does not hold')
  }
}

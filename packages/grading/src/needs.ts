/** Who is skipped: keeps each check's own outcome and says which verdicts are settled. Pure. */
import type { CheckReport, CheckSpec } from '@cooperage/contracts'

type Check = Pick<CheckSpec, 'id' | 'needs'>

/**
 * A check that needs another is skipped when that one did not pass, wherever it stands: checks run in an order of their
 * own (exec before script, open before hidden), so a verdict counts only once those of everything it needs are known.
 * A circle of needs holds nobody up: all of it passes, or what failed pulls the rest down.
 */
export class Ledger {
  private readonly own = new Map<string, CheckReport>()
  private readonly checks: ReadonlyMap<string, Check>

  constructor(private readonly inOrder: readonly Check[]) {
    this.checks = new Map(inOrder.map((check) => [check.id, check]))
  }

  record(report: CheckReport): void {
    this.own.set(report.id, report)
  }

  /** True once its verdict needs no run: it has one, or something it needs has not passed. */
  isDecided(id: string): boolean {
    return this.own.has(id) || this.blockedBy(this.lost(), id) !== null
  }

  /** Verdicts that nothing can change any more, in the lab's order. */
  settled(): CheckReport[] {
    const lost = this.lost()
    const reports: CheckReport[] = []
    for (const { id } of this.inOrder) {
      const own = this.own.get(id)
      const blocker = this.blockedBy(lost, id)
      if (own?.status === 'error') reports.push(own)
      else if (blocker !== null) reports.push(skipped(id, blocker))
      else if (own && this.allKnown(id)) reports.push(own)
    }
    return reports
  }

  /** Checks that cannot pass any more: not passed themselves, or needing one that cannot. */
  private lost(): Set<string> {
    const lost = new Set<string>()
    for (const [id, report] of this.own) if (report.status !== 'passed') lost.add(id)
    for (let before = -1; before !== lost.size;) {
      before = lost.size
      for (const { id } of this.inOrder) if (this.blockedBy(lost, id) !== null) lost.add(id)
    }
    return lost
  }

  private blockedBy(lost: ReadonlySet<string>, id: string): string | null {
    return this.checks.get(id)?.needs.find((need) => lost.has(need) || !this.checks.has(need)) ?? null
  }

  private allKnown(id: string): boolean {
    const seen = new Set<string>()
    const known = (check: string): boolean => {
      if (seen.has(check)) return true
      seen.add(check)
      return this.own.has(check) && (this.checks.get(check)?.needs ?? []).every(known)
    }
    return known(id)
  }
}

const skipped = (id: string, blocker: string): CheckReport => ({
  id,
  status: 'skipped',
  partialPoints: null,
  message: `Not run: it needs "${blocker}", which did not pass.`,
  staffNote: null,
  durationMs: 0,
})

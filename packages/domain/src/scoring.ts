import type { CheckReport, CheckSpec, CheckStatus } from '@cooperage/contracts'

export interface ScoredCheck {
  id: string
  status: CheckStatus
  points: number
  maxPoints: number
}

/**
 * Points by the lab's own specification: a worker's report decides status and partial credit, never how much a check is worth.
 * Checks of the lab that the report does not mention count as errors; ids that the lab does not have are refused by the caller.
 */
export function scoreChecks(
  checks: readonly Pick<CheckSpec, 'id' | 'points'>[],
  reports: readonly Pick<CheckReport, 'id' | 'status' | 'partialPoints'>[],
): { checks: ScoredCheck[]; score: number; maxScore: number } {
  const byId = new Map(reports.map((report) => [report.id, report]))
  const scored = checks.map((check): ScoredCheck => {
    const report = byId.get(check.id)
    const status = report?.status ?? 'error'
    return {
      id: check.id,
      status,
      maxPoints: check.points,
      points: pointsOf(check.points, status, report?.partialPoints ?? null),
    }
  })
  return {
    checks: scored,
    score: round(scored.reduce((sum, check) => sum + check.points, 0)),
    maxScore: maxScoreOf(checks),
  }
}

function pointsOf(points: number, status: CheckStatus, partial: number | null): number {
  if (partial !== null && (status === 'passed' || status === 'failed'))
    return round(Math.min(points, Math.max(0, partial)))
  return status === 'passed' ? points : 0
}

export const maxScoreOf = (checks: readonly Pick<CheckSpec, 'points'>[]): number =>
  checks.reduce((sum, check) => sum + check.points, 0)

/** Percent of the weights that the marks earn; a point without a mark earns nothing. One decimal. */
export function rubricPercent(
  rubric: readonly { id: string; weight: number }[],
  marks: Readonly<Record<string, number>>,
): number {
  const total = rubric.reduce((sum, point) => sum + point.weight, 0)
  const earned = rubric.reduce((sum, point) => sum + point.weight * (marks[point.id] ?? 0), 0)
  return Math.round((earned / total) * 1000) / 10
}

/** Two decimals: partial credit may be a fraction, sums must not show 0.30000000000000004. */
const round = (value: number) => Math.round(value * 100) / 100

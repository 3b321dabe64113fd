import type { CheckResult, Lab } from '@cooperage/contracts'
import { IconEyeOff } from '@tabler/icons-react'
import { StatusBadge, type Tone } from '../../ui/index.js'
import { duration, points } from './duration.js'
import classes from './verdict.module.css'

type Specification = Lab['checks'][number]
interface Row {
  id: string
  title: string
  maxPoints: number
  hidden: boolean
  needs: string[]
  result: CheckResult | undefined
}

/**
 * Each check with its result as soon as there is one: in the lab's order while it is graded, afterwards what failed first.
 * `specifications` may not be known yet.
 */
export function CheckList({
  specifications,
  results,
  running,
}: {
  specifications: readonly Specification[]
  results: readonly CheckResult[]
  running: boolean
}) {
  const rows = rowsOf(specifications, results, running)
  const titles = new Map(rows.map(({ id, title }) => [id, title]))
  return (
    <ol className={classes.checks} aria-label="Checks">
      {(running ? rows : rows.toSorted((a, b) => urgency(a) - urgency(b))).map((row) => (
        <CheckRow key={row.id} row={row} titles={titles} />
      ))}
    </ol>
  )
}

/** Of a verdict, what asks for something to be done stands on top; the sort keeps the lab's order within. */
const urgencies: Record<CheckResult['status'], number> = { failed: 0, error: 0, skipped: 1, passed: 2 }
const urgency = ({ result }: Row): number => (result ? urgencies[result.status] : 1)

/** Of a verdict, only what it judged; the lab may have other checks by now. */
function rowsOf(
  specifications: readonly Specification[],
  results: readonly CheckResult[],
  running: boolean,
): Row[] {
  const byId = new Map(results.map((result) => [result.id, result]))
  const known = specifications.map((spec): Row => {
    const result = byId.get(spec.id)
    return {
      id: spec.id,
      title: result?.title ?? spec.title,
      maxPoints: result?.maxPoints ?? spec.points,
      hidden: spec.visibility === 'hidden',
      needs: spec.needs,
      result,
    }
  })
  const ids = new Set(specifications.map(({ id }) => id))
  const others = results
    .filter(({ id }) => !ids.has(id))
    .map((result): Row => {
      const { id, title, maxPoints } = result
      return { id, title, maxPoints, hidden: false, needs: [], result }
    })
  return [...known.filter(({ result }) => running || result), ...others]
}

function CheckRow({ row, titles }: { row: Row; titles: Map<string, string> }) {
  const { result } = row
  return (
    <li className={classes.check} data-status={result?.status ?? 'pending'}>
      <div className={classes.checkHead}>
        <Status result={result} />
        <span className={classes.checkTitle}>{row.title}</span>
        {row.hidden && (
          <span className={classes.tag}>
            <IconEyeOff size={13} aria-hidden /> hidden
          </span>
        )}
        <span className={classes.checkPoints}>
          {result?.durationMs !== undefined &&
            result.status !== 'skipped' &&
            `${duration(result.durationMs)} · `}
          {result ? `${points(result.points)} of ` : ''}
          {points(row.maxPoints)} {row.maxPoints === 1 ? 'point' : 'points'}
        </span>
      </div>
      {result && <Explanation row={row} result={result} titles={titles} />}
    </li>
  )
}

const looks: Record<CheckResult['status'], { tone: Tone; word: string }> = {
  passed: { tone: 'good', word: 'Passed' },
  failed: { tone: 'bad', word: 'Failed' },
  skipped: { tone: 'quiet', word: 'Skipped' },
  error: { tone: 'warn', word: 'Error' },
}

function Status({ result }: { result: CheckResult | undefined }) {
  if (!result) return <StatusBadge tone="quiet">Waiting</StatusBadge>
  const partly = result.status === 'failed' && result.points > 0
  const { tone, word } = partly ? { tone: 'warn' as const, word: 'Partly' } : looks[result.status]
  return <StatusBadge tone={tone}>{word}</StatusBadge>
}

function Explanation({
  row,
  result,
  titles,
}: {
  row: Row
  result: CheckResult
  titles: Map<string, string>
}) {
  const needs = row.needs.map((id) => `“${titles.get(id) ?? id}”`).join(', ')
  return (
    <>
      {result.status === 'skipped' && (
        <p className={classes.note}>
          {needs ? `Runs only when ${needs} ${row.needs.length > 1 ? 'pass' : 'passes'}.` : 'Not run.'}
        </p>
      )}
      {result.status === 'error' && (
        <p className={classes.note}>The check itself could not do its work. That is not your fault.</p>
      )}
      {row.hidden && result.status === 'failed' && !result.message && (
        <p className={classes.note}>A hidden check: it says only whether it passes.</p>
      )}
      {/* What a program wrote is shown as it is, never as markup. */}
      {result.message && (result.status === 'failed' || result.status === 'error') && (
        <Output text={result.message} />
      )}
      {result.message && (result.status === 'passed' || (result.status === 'skipped' && !needs)) && (
        <details className={classes.more}>
          <summary>What it says</summary>
          <Output text={result.message} />
        </details>
      )}
      {result.hint && result.status !== 'passed' && (
        <details className={classes.more}>
          <summary>Hint</summary>
          <p>{result.hint}</p>
        </details>
      )}
      {result.staffNote && (
        <details className={classes.more}>
          <summary>For staff: what the script wrote to stderr</summary>
          <Output text={result.staffNote} />
        </details>
      )}
    </>
  )
}

function Output({ text }: { text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <pre className={classes.message} tabIndex={0}>
      {text}
    </pre>
  )
}

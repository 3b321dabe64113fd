import type { Lab, Submission } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import { Loader, Progress } from '@mantine/core'
import { Notice, RelativeTime, StatusBadge } from '../../ui/index.js'
import { CheckList } from './CheckList.js'
import type { StageEntry } from './live-events.js'
import { ReceiptLink } from './ReceiptLink.js'
import { StageLine } from './StageLine.js'
import { summary } from './summary.js'
import type { Connection } from './use-live-submission.js'
import classes from './verdict.module.css'

const none: Lab['checks'] = []

/** A submission on its way to a verdict, and the verdict. */
export function VerdictPanel({
  submission,
  stages,
  connection,
  checks = none,
  label = 'Verdict',
  own = true,
}: {
  submission: Submission
  stages: readonly StageEntry[]
  connection: Connection
  /** As the lab specifies them, to show what is still to come. */
  checks?: Lab['checks']
  label?: string
  /** Shown to the one who submitted. */
  own?: boolean
}) {
  const running = !isFinal(submission.status)
  const stage = stages.at(-1)?.stage
  return (
    <section className={classes.panel} aria-label={label}>
      <div className={classes.head}>
        {running && <Loader size={18} aria-hidden />}
        <output className={classes.summary}>{summary(submission, stage, checks.length)}</output>
        {submission.late && <StatusBadge tone="warn">Late</StatusBadge>}
      </div>
      {submission.status === 'graded' && (
        <Progress
          value={submission.maxScore > 0 ? ((submission.score ?? 0) / submission.maxScore) * 100 : 0}
          color={submission.score === submission.maxScore ? 'var(--c-good)' : 'var(--c-busy)'}
          size="sm"
          aria-label="Score"
        />
      )}
      <p className={classes.note}>
        Attempt {submission.attempt}, sent <RelativeTime at={submission.submittedAt} />
        {running && connection === 'lost' && '. The live view is interrupted; the page keeps asking.'}
      </p>
      <StageLine submission={submission} stages={stages} />
      <Faults submission={submission} retrying={running && stage === 'retrying'} own={own} />
      {submission.status !== 'cancelled' && (
        <CheckList specifications={checks} results={submission.checks} running={running} />
      )}
      {submission.status === 'graded' && <ReceiptLink submission={submission.id} />}
    </section>
  )
}

function Faults({ submission, retrying, own }: { submission: Submission; retrying: boolean; own: boolean }) {
  if (submission.status === 'error')
    return (
      <Notice tone="warn" title={own ? 'This was not your fault' : 'A fault of the lab host'}>
        {submission.notice ?? 'The lab host had a fault while it graded this. It cost no attempt.'}
        {own && ' Your files are kept; you can submit them again at any time.'}
      </Notice>
    )
  if (submission.status === 'cancelled')
    return <p className={classes.note}>It cost no attempt, and the files are kept.</p>
  if (retrying)
    return (
      <p className={classes.note}>
        The lab host had a fault. The grading starts again by itself; it costs no attempt.
      </p>
    )
  return null
}

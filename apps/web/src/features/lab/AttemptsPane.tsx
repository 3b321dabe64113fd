import type { Lab, SubmissionSummary, WireFile } from '@cooperage/contracts'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { EmptyState, Loaded, RelativeTime, StatusBadge } from '../../ui/index.js'
import { AttemptBadge, SubmittedFiles, useLiveSubmission, VerdictPanel } from '../verdict/index.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import classes from './lab.module.css'

export interface AttemptsProps {
  lab: Lab
  attempts: readonly SubmissionSummary[]
  /** Reads older ones; null when there are none. */
  onMore: (() => void) | null
  opened: string | undefined
  openedFile: string | undefined
  onOpen: (attempt: string | undefined) => void
  onOpenFile: (path: string) => void
  onLoad: (files: readonly WireFile[]) => void
  /** The draft would lose nothing that was written. */
  draftUntouched: boolean
}

export function AttemptsPane(props: AttemptsProps) {
  const { attempts, onMore, opened, onOpen } = props
  if (opened) return <OpenedAttempt {...props} id={opened} />
  if (attempts.length === 0)
    return (
      <EmptyState title="No attempts yet">
        Each submission is kept here with its files and its verdict, so you can go back to any of them.
      </EmptyState>
    )
  return (
    <>
      <ul className={classes.attempts} aria-label="Attempts">
        {attempts.map((attempt) => (
          <li key={attempt.id}>
            <button type="button" className={classes.attempt} onClick={() => onOpen(attempt.id)}>
              <span className={classes.attemptName}>Attempt {attempt.attempt}</span>
              <AttemptBadge attempt={attempt} />
              {attempt.late && <StatusBadge tone="warn">Late</StatusBadge>}
              <span className={classes.when}>
                <RelativeTime at={attempt.submittedAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {onMore && (
        <Button variant="subtle" onClick={onMore} mt="xs">
          Show older attempts
        </Button>
      )}
    </>
  )
}

function OpenedAttempt({
  id,
  lab,
  openedFile,
  onOpen,
  onOpenFile,
  onLoad,
  draftUntouched,
}: AttemptsProps & { id: string }) {
  const query = useLiveSubmission(id)
  const [asking, setAsking] = useState<readonly WireFile[] | null>(null)
  return (
    <div className={classes.opened}>
      <div>
        <Button variant="default" size="xs" onClick={() => onOpen(undefined)}>
          All attempts
        </Button>
      </div>
      <Loaded query={query}>
        {(submission) => (
          <VerdictPanel
            submission={submission}
            stages={query.stages}
            connection={query.connection}
            checks={lab.checks}
            label={`Attempt ${submission.attempt}`}
          />
        )}
      </Loaded>
      <h2 className={classes.subhead}>Files as submitted</h2>
      <SubmittedFiles submission={id} shown={openedFile} onShow={onOpenFile}>
        {(files) => (
          <div>
            <Button variant="default" onClick={() => (draftUntouched ? onLoad(files) : setAsking(files))}>
              Load these files into the editor
            </Button>
          </div>
        )}
      </SubmittedFiles>
      <ConfirmDialog
        opened={asking !== null}
        title="Replace what is in the editor?"
        confirm="Replace"
        onConfirm={() => asking && onLoad(asking)}
        onClose={() => setAsking(null)}
      >
        The files of this attempt take the place of your draft. What you wrote since your last attempt is
        lost.
      </ConfirmDialog>
    </div>
  )
}

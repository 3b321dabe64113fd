import type { ApiProblem } from '../../api/index.js'
import { Button, CloseButton } from '@mantine/core'
import { useState } from 'react'
import { Notice, RelativeTime } from '../../ui/index.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import type { Draft, DraftStore } from './draft-store.js'
import { culprit } from './file-names.js'
import classes from './lab.module.css'

/** Submit, reset, and how safe the draft is. */
export function SubmitBar({
  draft,
  store,
  blocked,
  busy,
  onSubmit,
  onReset,
}: {
  draft: Draft
  store: DraftStore
  /** Why nothing can be submitted now. */
  blocked: string | null
  /** Being sent or graded. */
  busy: boolean
  onSubmit: () => void
  onReset: () => void
}) {
  const [resetting, setResetting] = useState(false)
  return (
    <div className={classes.submitBar}>
      <div className={classes.buttons}>
        <Button
          onClick={onSubmit}
          loading={busy}
          disabled={blocked !== null}
          aria-describedby={blocked ? 'submit-blocked' : 'editor-help'}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          Submit
        </Button>
        <Button variant="default" disabled={draft.save === 'unchanged'} onClick={() => setResetting(true)}>
          Reset to starter
        </Button>
        <SaveNote draft={draft} />
      </div>
      {blocked && (
        <p id="submit-blocked" className={classes.note}>
          {blocked}
        </p>
      )}
      <p id="editor-help" className={classes.help}>
        Tab indents; Esc, then Tab leaves the editor. Ctrl+Enter submits.
      </p>
      <ConfirmDialog
        opened={resetting}
        title="Go back to the starter?"
        confirm="Discard my changes"
        onConfirm={() => {
          store.reset()
          onReset()
        }}
        onClose={() => setResetting(false)}
      >
        What you wrote since your last attempt is lost. Attempts that you submitted stay, and can be loaded
        again.
      </ConfirmDialog>
    </div>
  )
}

function SaveNote({ draft: { save, savedAt } }: { draft: Draft }) {
  return (
    <span className={classes.saved} data-failed={save === 'failed' || undefined}>
      {save === 'pending' && 'Saving…'}
      {save === 'saved' && savedAt !== null && (
        <>
          Saved in this browser, <RelativeTime at={new Date(savedAt).toISOString()} />
        </>
      )}
      {save === 'failed' && 'Not saved: this browser has no room, or does not allow it'}
    </span>
  )
}

/** Why an attempt was refused: the problem's words, and each file that is at fault by its name. */
export function SubmitProblem({
  problem,
  files,
  onClose,
}: {
  /** Null: a fault of this page. */
  problem: ApiProblem | null
  /** As they were sent. */
  files: readonly { path: string }[]
  onClose: () => void
}) {
  const errors = problem?.errors ?? []
  return (
    <div className={classes.problem}>
      <Notice tone="bad" title={`Not submitted: ${problem?.title ?? 'something went wrong'}`} urgent>
        <p className={classes.plain}>{problem?.detail ?? 'Try again.'} Your files are as they were.</p>
        {errors.length > 0 && (
          <ul className={classes.faults}>
            {errors.map((error) => (
              <li key={`${error.path} ${error.message}`}>
                <code>{culprit(error.path, files)}</code>: {error.message}
              </li>
            ))}
          </ul>
        )}
      </Notice>
      <CloseButton className={classes.close} aria-label="Dismiss" onClick={onClose} />
    </div>
  )
}

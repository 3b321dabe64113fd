import type { Cohort, Lab, WireFile } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import { Anchor, Tabs } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { asProblem, attemptsQuery, scheduleQuery } from '../../api/index.js'
import { useMe } from '../../app/hooks.js'
import { ErrorState, Notice, PageSkeleton, useNow } from '../../ui/index.js'
import { useLiveSubmission } from '../verdict/index.js'
import { AttemptsPane } from './AttemptsPane.js'
import { CurrentVerdict } from './CurrentVerdict.js'
import { EditorPane } from './EditorPane.js'
import { LabHeading } from './LabHeading.js'
import { InstructionsPane } from './InstructionsPane.js'
import classes from './lab.module.css'
import { panels } from './panels.js'
import { SubmitBar, SubmitProblem } from './SubmitBar.js'
import { termsOf } from './terms.js'
import { TermsLine } from './TermsLine.js'
import { useDraft } from './use-draft.js'
import { useSubmit } from './use-submit.js'

const route = getRouteApi('/signed-in/cohorts/$cohort/labs/$lab')
type Panel = (typeof panels)[number]
const panelNames: Record<Panel, string> = {
  instructions: 'Instructions',
  editor: 'Editor',
  verdict: 'Verdict',
  attempts: 'Attempts',
}

/** A lab's page: side by side where there is room, else a part at a time. */
export function LabWorkspace({ lab, cohort }: { lab: Lab; cohort: Cohort }) {
  const me = useMe()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  const { draft, store } = useDraft(cohort.id, me.id, lab)
  const attempts = useInfiniteQuery(attemptsQuery(cohort.id, lab.id, me.id))
  const schedule = useQuery(scheduleQuery(cohort.id, lab.id))
  const submission = useSubmit(cohort.id, lab.id)

  const list = attempts.data?.pages.flatMap((page) => page.items) ?? []
  const latest = list[0]
  // What was just sent is followed before the list knows of it.
  const current = submission.data?.id ?? latest?.id
  const fresh = current !== undefined && current === submission.data?.id
  const live = useLiveSubmission(current, fresh)
  const underWay = submission.isPending || (live.data ? !isFinal(live.data.status) : fresh && live.isPending)
  const terms = termsOf(schedule.data ?? {}, list, !attempts.hasNextPage, new Date(useNow()))
  const blocked =
    lab.unavailable ?? terms.refused ?? (draft.files.length === 0 ? 'There is no file to submit.' : null)

  /** Replaces: the way back leads to the page before, not through each file that was looked at. */
  const show = (next: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false })
  const submit = () => {
    if (blocked || underWay) return
    store.flush()
    submission.submit(draft.files, () => show({ panel: 'verdict' }))
  }
  const load = (files: readonly WireFile[]) => {
    store.replace(files)
    show({ panel: 'editor', attempt: undefined, attemptFile: undefined, file: files[0]?.path })
  }
  useHotkeys([['mod+Enter', submit]], [], true)

  const problem = submission.error
  const instructions = <InstructionsPane lab={lab} cohort={cohort.id} />
  const history = attempts.isPending ? (
    <PageSkeleton heading={false} rows={3} />
  ) : attempts.isError ? (
    <ErrorState error={attempts.error} onRetry={() => void attempts.refetch()} />
  ) : (
    <AttemptsPane
      lab={lab}
      attempts={list}
      onMore={attempts.hasNextPage ? () => void attempts.fetchNextPage() : null}
      opened={search.attempt}
      openedFile={search.attemptFile}
      onOpen={(attempt) => show({ attempt, attemptFile: undefined })}
      onOpenFile={(attemptFile) => show({ attemptFile })}
      onLoad={load}
      draftUntouched={draft.save === 'unchanged'}
    />
  )
  const editor = (
    <>
      <EditorPane
        lab={lab}
        draft={draft}
        store={store}
        file={search.file}
        onFile={(file) => show({ file })}
      />
      {latest && !fresh && draft.save === 'unchanged' && (
        <p className={`${classes.note} ${classes.earlier}`}>
          This is the starter. Your latest attempt is kept:{' '}
          <Anchor
            component="button"
            type="button"
            fz="inherit"
            underline="always"
            onClick={() => show({ panel: 'attempts', attempt: latest.id, attemptFile: undefined })}
          >
            open attempt {latest.attempt}
          </Anchor>
        </p>
      )}
      {problem && (
        <SubmitProblem
          problem={asProblem(problem)}
          files={submission.variables?.files ?? []}
          onClose={submission.reset}
        />
      )}
      <SubmitBar
        draft={draft}
        store={store}
        blocked={blocked}
        busy={underWay}
        onSubmit={submit}
        onReset={() => show({ file: undefined })}
      />
    </>
  )
  const verdict = (
    <CurrentVerdict
      lab={lab}
      live={live}
      none={!current && !attempts.isPending}
      sending={submission.isPending}
    />
  )
  const top = (
    <>
      <LabHeading
        lab={lab}
        cohort={cohort}
        compact={!wide && (search.panel ?? 'instructions') !== 'instructions'}
      />
      <div className={classes.notices}>
        {lab.unavailable && (
          <Notice tone="warn" title="This lab cannot be submitted yet">
            {lab.unavailable} You can read and write already; the page looks again by itself.
          </Notice>
        )}
        {draft.outdated && (
          <Notice tone="busy" title="The lab has changed since you began">
            Your draft began with an earlier version. Read the instructions again; “Reset to starter” begins
            anew.
          </Notice>
        )}
      </div>
      {schedule.data && <TermsLine terms={terms} />}
    </>
  )

  if (wide) {
    const left = search.panel === 'attempts' ? 'attempts' : 'instructions'
    return (
      <div className={classes.split}>
        <div>
          {top}
          <Tabs value={left} onChange={(panel) => show({ panel: panel as Panel })} keepMounted={false}>
            <PanelTabs shown={['instructions', 'attempts']} count={latest?.attempt ?? 0} />
            <Tabs.Panel value="instructions" pt="md">
              {instructions}
            </Tabs.Panel>
            <Tabs.Panel value="attempts" pt="md">
              {history}
            </Tabs.Panel>
          </Tabs>
        </div>
        <div className={classes.desk}>
          {editor}
          {(current || submission.isPending) && <div className={classes.verdict}>{verdict}</div>}
        </div>
      </div>
    )
  }
  return (
    <>
      {top}
      <Tabs
        value={search.panel ?? 'instructions'}
        onChange={(panel) => show({ panel: panel as Panel })}
        keepMounted={false}
      >
        <PanelTabs shown={panels} count={latest?.attempt ?? 0} />
        <Tabs.Panel value="instructions" pt="md">
          {instructions}
        </Tabs.Panel>
        <Tabs.Panel value="editor" className={classes.narrowDesk}>
          {editor}
        </Tabs.Panel>
        <Tabs.Panel value="verdict" pt="md">
          {verdict}
        </Tabs.Panel>
        <Tabs.Panel value="attempts" pt="md">
          {history}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function PanelTabs({ shown, count }: { shown: readonly Panel[]; count: number }) {
  return (
    <Tabs.List className={classes.panelTabs} aria-label="Parts of this lab">
      {shown.map((panel) => (
        <Tabs.Tab key={panel} value={panel}>
          {panelNames[panel]}
          {panel === 'attempts' && count > 0 && (
            <span className={classes.tabCount} aria-hidden>
              {count}
            </span>
          )}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  )
}

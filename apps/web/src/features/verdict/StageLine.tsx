import type { Submission } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import { duration } from './duration.js'
import { stageTimes, type StageEntry } from './live-events.js'
import { stageWords } from './summary.js'
import { useSeconds } from './use-seconds.js'
import classes from './verdict.module.css'

const longWaitMs = 20_000

/** How long each stage took, or has taken so far. Of a finished grading the API's own timings are shown. */
export function StageLine({ submission, stages }: { submission: Submission; stages: readonly StageEntry[] }) {
  const running = !isFinal(submission.status)
  const now = useSeconds(running)
  if (!running) return <Timings timings={submission.timings} />
  const known = stages.length > 0 ? stages : [{ stage: 'queued' as const, at: submission.submittedAt }]
  const times = stageTimes(known, now)
  const last = times.at(-1)
  return (
    <>
      <ol className={classes.stages} aria-label="Stages">
        {times.map(({ stage, at, ms }, index) => {
          const current = index === times.length - 1
          return (
            <li key={`${stage} ${at}`} data-current={current || undefined}>
              {stageWords[stage]} <span>{current ? `${Math.floor(ms / 1000)} s` : duration(ms)}</span>
            </li>
          )
        })}
      </ol>
      {last?.stage === 'queued' && last.ms > longWaitMs && (
        <p className={classes.note}>
          {submission.startsInSeconds === undefined && 'That is longer than usual. '}
          Nothing is lost: it is graded as soon as it can be, also when you close this page.
        </p>
      )}
    </>
  )
}

function Timings({ timings }: { timings: Submission['timings'] }) {
  const parts = [
    ['In the queue', timings.queuedMs],
    ['Preparing', timings.preparingMs],
    ['Grading', timings.gradingMs],
  ] as const
  if (parts.every(([, ms]) => ms === null)) return null
  return (
    <ol className={classes.stages} aria-label="Stages">
      {parts.map(
        ([name, ms]) =>
          ms !== null && (
            <li key={name}>
              {name} <span>{duration(ms)}</span>
            </li>
          ),
      )}
    </ol>
  )
}

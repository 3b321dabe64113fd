import { submissionEvents, type Stage, type Submission, type SubmissionEvent } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'

/** A stage that the grading entered, by the server's clock. */
export interface StageEntry {
  stage: Stage
  at: string
}

/** The event as the contract knows it; null when it is none (a newer server's, or damaged). */
export function parseEvent(event: keyof typeof submissionEvents, data: string): SubmissionEvent | null {
  try {
    const parsed = submissionEvents[event].safeParse(JSON.parse(data))
    // The schema was chosen by the event's own name, which the type of a lookup cannot say.
    return parsed.success ? ({ event, data: parsed.data } as SubmissionEvent) : null
  } catch {
    return null
  }
}

/** The submission after an event; undefined while nothing but stages of an unknown submission has come. */
export function applyEvent(
  before: Submission | undefined,
  { event, data }: SubmissionEvent,
): Submission | undefined {
  if (event === 'snapshot' || event === 'verdict') return data
  // What comes behind the verdict, from a stream that was slower, changes nothing.
  if (!before || isFinal(before.status)) return before
  if (event === 'check')
    return { ...before, status: 'running', checks: [...before.checks.filter((c) => c.id !== data.id), data] }
  const { queuePosition: _place, startsInSeconds: _start, ...rest } = before
  switch (data.stage) {
    case 'queued':
      return {
        ...rest,
        status: 'queued',
        ...(data.queuePosition === undefined ? {} : { queuePosition: data.queuePosition }),
        ...(data.startsInSeconds === undefined ? {} : { startsInSeconds: data.startsInSeconds }),
      }
    case 'retrying':
      // Every check runs anew.
      return { ...rest, status: 'running', checks: [] }
    case 'preparing':
    case 'exec':
    case 'script':
    case 'finishing':
      return { ...rest, status: 'running' }
  }
}

/** The stages so far; moving up in the queue is no new stage, nor is what a reconnected stream tells again. */
export function addStage(stages: readonly StageEntry[], { stage, at }: StageEntry): StageEntry[] {
  const last = stages.at(-1)
  if (last && (last.stage === stage || last.at > at)) return [...stages]
  return [...stages, { stage, at }]
}

/** Milliseconds that each stage took; of the last one, up to `now`. Never negative, whatever the clocks say. */
export const stageTimes = (stages: readonly StageEntry[], now: number): (StageEntry & { ms: number })[] =>
  stages.map(({ stage, at }, index) => {
    const next = stages[index + 1]
    return { stage, at, ms: Math.max(0, (next ? Date.parse(next.at) : now) - Date.parse(at)) }
  })

import type { GradingState } from '@cooperage/contracts'

/** What can happen to a grading. `requeue`: its worker or its job was lost. */
export type GradingEvent = 'start' | 'requeue' | 'grade' | 'fault' | 'cancel'

const transitions: Record<GradingState, Partial<Record<GradingEvent, GradingState>>> = {
  // A verdict may overtake the message that the grading started: both travel through a queue.
  queued: { start: 'running', requeue: 'queued', grade: 'graded', fault: 'error', cancel: 'cancelled' },
  running: { start: 'running', requeue: 'queued', grade: 'graded', fault: 'error', cancel: 'cancelled' },
  graded: {},
  error: {},
  cancelled: {},
}

/** The state after `event`, or null when the event comes too late (or twice) and must change nothing. */
export const nextGradingState = (state: GradingState, event: GradingEvent): GradingState | null =>
  transitions[state][event] ?? null

export const isFinal = (state: GradingState): boolean => Object.keys(transitions[state]).length === 0

/** States in which `event` has an effect: for a conditional UPDATE that no race can overtake. */
export const statesThatAccept = (event: GradingEvent): GradingState[] =>
  (Object.keys(transitions) as GradingState[]).filter((state) => transitions[state][event] !== undefined)

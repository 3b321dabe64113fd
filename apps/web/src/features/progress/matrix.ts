import type { CohortProgress, Course, ItemProgress } from '@cooperage/contracts'

export type Column = CohortProgress['columns'][number] & {
  /** Place in a learner's `items`. */
  index: number
}
export interface ModuleColumns {
  id: string
  title: string
  columns: Column[]
}

/** The columns under their modules, in the order of the course. Titles come from the course; until it is there, ids. */
export function columnsByModule(
  columns: CohortProgress['columns'],
  course: Pick<Course, 'modules'> | undefined,
): ModuleColumns[] {
  const groups: ModuleColumns[] = []
  columns.forEach((column, index) => {
    const last = groups.at(-1)
    if (last?.id === column.module) last.columns.push({ ...column, index })
    else {
      const title = course?.modules.find((module) => module.id === column.module)?.title ?? column.module
      groups.push({ id: column.module, title, columns: [{ ...column, index }] })
    }
  })
  return groups
}

type CellState = 'done' | 'started' | 'stuck' | 'untouched'

export interface CellView {
  state: CellState
  /** What the cell shows, short. */
  short: string
  /** The same in words, for screen readers and on hover. */
  words: string
}

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`
const symbols: Record<CellState, string> = { done: '✓', started: '◐', stuck: '!', untouched: '·' }
const stateWords: Record<CellState, string> = {
  done: 'done',
  started: 'started',
  stuck: 'stuck',
  untouched: 'not started',
}

export function cellView(item: ItemProgress, stuck: boolean): CellView {
  const state = stuck ? 'stuck' : item.status
  const score =
    item.score === null || item.status === 'untouched'
      ? null
      : item.kind === 'lab'
        ? {
            short: `${item.score}/${item.maxScore ?? '?'}`,
            words: `${item.score} of ${item.maxScore ?? '?'} points`,
          }
        : { short: `${Math.round(item.score)}%`, words: `${Math.round(item.score)} percent` }
  // A full score says nothing more than the tick.
  const full = state === 'done' && item.kind === 'lab' && item.score === item.maxScore
  return {
    state,
    short: [symbols[state], full ? null : score?.short].filter(Boolean).join(' '),
    words: [stateWords[state], score?.words, item.attempts > 0 ? plural(item.attempts, 'attempt') : null]
      .filter(Boolean)
      .join(', '),
  }
}

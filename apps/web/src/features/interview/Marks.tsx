import type { RubricPoint } from '@cooperage/contracts'
import { Group, Radio } from '@mantine/core'
import classes from './interview.module.css'
import { markWords } from './wording.js'

export type Marks = Record<string, number>
const choices = [
  { value: '0', label: 'None' },
  { value: '0.5', label: 'Half' },
  { value: '1', label: 'Full' },
]

/** The marks that belong to points of this rubric; the rubric may have changed since they were given. */
export const marksOf = (rubric: readonly RubricPoint[], marks: Marks): Marks =>
  Object.fromEntries(rubric.flatMap(({ id }) => (marks[id] === undefined ? [] : [[id, marks[id]]])))

export const everyPointMarked = (rubric: readonly RubricPoint[], marks: Marks): boolean =>
  rubric.every(({ id }) => marks[id] !== undefined)

/** A mark for each point of a rubric: none, half or full. */
export function MarksInput({
  rubric,
  marks,
  onMarks,
  others,
}: {
  rubric: readonly RubricPoint[]
  marks: Marks
  onMarks: (marks: Marks) => void
  /** Marks that somebody gave before, shown beside, with whose they are. */
  others?: { by: string; marks: Marks } | null
}) {
  return (
    <div className={classes.rubric}>
      {rubric.map(({ id, text, weight }) => (
        <Radio.Group
          key={id}
          label={text}
          description={`Weight ${weight}${others ? ` · ${others.by}: ${markWords(others.marks[id])}` : ''}`}
          value={marks[id] === undefined ? null : String(marks[id])}
          onChange={(value) => onMarks({ ...marks, [id]: Number(value) })}
        >
          <Group gap="lg" mt="xs">
            {choices.map((choice) => (
              <Radio key={choice.value} value={choice.value} label={choice.label} />
            ))}
          </Group>
        </Radio.Group>
      ))}
    </div>
  )
}

/** Marks to read. */
export function MarksList({ rubric, marks }: { rubric: readonly RubricPoint[]; marks: Marks }) {
  return (
    <ul className={classes.list}>
      {rubric.map(({ id, text, weight }) => (
        <li key={id} className={classes.row}>
          <span className={classes.rowTitle}>{text}</span>
          <span className={classes.dim}>
            {markWords(marks[id])}, weight {weight}
          </span>
        </li>
      ))}
    </ul>
  )
}

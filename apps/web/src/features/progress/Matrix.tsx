import type { LearnerProgress } from '@cooperage/contracts'
import { Link } from '@tanstack/react-router'
import { itemPath, learnerSubmissionsPath } from '../../app/paths.js'
import { kindWords, RelativeTime } from '../../ui/index.js'
import { cellView, type Column, type ModuleColumns } from './matrix.js'
import classes from './Matrix.module.css'

export function Matrix({
  cohort,
  groups,
  learners,
  busy,
}: {
  cohort: string
  groups: readonly ModuleColumns[]
  learners: readonly LearnerProgress[]
  /** The rows of another page are still shown. */
  busy: boolean
}) {
  return (
    <section
      className={classes.scroll}
      aria-label="Progress of each learner"
      // It scrolls by itself in both directions, so the keyboard must be able to get into it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-busy={busy}
    >
      <table className={classes.table}>
        <thead>
          <tr className={classes.modules}>
            <th rowSpan={2} scope="col" className={classes.corner}>
              Learner
            </th>
            {groups.map((group) => (
              <th key={group.id} colSpan={group.columns.length} scope="colgroup">
                <span>{group.title}</span>
              </th>
            ))}
          </tr>
          <tr className={classes.titles}>
            {groups.flatMap((group) =>
              group.columns.map((column, place) => (
                <th
                  key={`${column.kind} ${column.id}`}
                  scope="col"
                  data-first={group !== groups[0] && place === 0}
                  title={`${kindWords[column.kind]}: ${column.title}`}
                >
                  <small>{kindWords[column.kind]}</small>
                  <span>{column.title}</span>
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {learners.map((row) => (
            <tr key={row.learner.id}>
              <th scope="row" className={classes.learner}>
                {row.learner.name}
                <small>
                  {Math.round(row.percent)} %
                  {row.lastActiveAt && (
                    <>
                      {' · '}
                      <RelativeTime at={row.lastActiveAt} />
                    </>
                  )}
                </small>
              </th>
              {groups.flatMap((group) =>
                group.columns.map((column, place) => (
                  <Cell
                    key={`${column.kind} ${column.id}`}
                    cohort={cohort}
                    column={column}
                    row={row}
                    first={group !== groups[0] && place === 0}
                  />
                )),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell({
  cohort,
  column,
  row,
  first,
}: {
  cohort: string
  column: Column
  row: LearnerProgress
  first: boolean
}) {
  const item = row.items[column.index]
  if (!item) return <td data-first={first}>–</td>
  const view = cellView(item, column.kind === 'lab' && row.stuckOn.includes(column.id))
  const where = `${row.learner.name}, ${column.title}: `
  return (
    <td data-state={view.state} data-first={first} title={where + view.words}>
      {column.kind !== 'lesson' && item.attempts > 0 ? (
        <Link
          to={
            column.kind === 'lab'
              ? learnerSubmissionsPath(cohort, column.id)
              : itemPath(cohort, column.kind, column.id)
          }
          search={{ learner: row.learner.id }}
          preload={false}
        >
          <span aria-hidden="true">{view.short}</span>
          <span className="visually-hidden">
            {where}
            {view.words}
          </span>
        </Link>
      ) : (
        <span className={classes.still}>
          <span aria-hidden="true">{view.short}</span>
          <span className="visually-hidden">{view.words}</span>
        </span>
      )}
    </td>
  )
}

import { Text } from '@mantine/core'
import type { MyProgress } from '@cooperage/contracts'
import { itemPath } from '../../app/paths.js'
import { Card, LinkAnchor, RelativeTime, StatusBadge, useNow } from '../../ui/index.js'
import classes from './dashboard.module.css'

const dayMs = 24 * 60 * 60 * 1000

export function DueList({ cohort, due }: { cohort: string; due: MyProgress['due'] }) {
  const now = useNow()
  const open = due.filter((one) => !one.done).toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
  return (
    <Card title="Due">
      {open.length === 0 ? (
        <Text c="dimmed">{due.length > 0 ? 'All that was due is done.' : 'Nothing has a due date.'}</Text>
      ) : (
        <ul className={classes.list}>
          {open.map((one) => {
            const left = Date.parse(one.dueAt) - now
            return (
              <li key={one.lab}>
                <LinkAnchor to={itemPath(cohort, 'lab', one.lab)}>{one.title}</LinkAnchor>
                <StatusBadge tone={left < 0 ? 'bad' : left < 2 * dayMs ? 'warn' : 'quiet'}>
                  <span>
                    {left < 0 ? 'was due ' : 'due '}
                    <RelativeTime at={one.dueAt} />
                  </span>
                </StatusBadge>
              </li>
            )
          })}
        </ul>
      )}
    </Card>
  )
}

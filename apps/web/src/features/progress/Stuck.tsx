import { Text } from '@mantine/core'
import type { CohortProgress } from '@cooperage/contracts'
import { learnerSubmissionsPath } from '../../app/paths.js'
import { Card, LinkAnchor } from '../../ui/index.js'

/** Who needs help first, above the matrix; of the learners that are shown. */
export function Stuck({
  cohort,
  progress,
  paged,
}: {
  cohort: string
  progress: CohortProgress
  /** There are more learners than these. */
  paged: boolean
}) {
  const stuck = progress.items.flatMap((row) =>
    row.stuckOn.map((lab) => ({
      key: `${row.learner.id} ${lab}`,
      learner: row.learner,
      lab,
      title: progress.columns.find((column) => column.kind === 'lab' && column.id === lab)?.title ?? lab,
      attempts: row.items.find((item) => item.kind === 'lab' && item.id === lab)?.attempts ?? 0,
    })),
  )
  if (stuck.length === 0) return null
  return (
    <Card title={paged ? 'Stuck, of the learners on this page' : 'Stuck'}>
      <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
        {stuck.map(({ key, learner, lab, title, attempts }) => (
          <li key={key}>
            <Text span fw={550}>
              {learner.name}
            </Text>{' '}
            on{' '}
            <LinkAnchor
              underline="always"
              to={learnerSubmissionsPath(cohort, lab)}
              search={{ learner: learner.id }}
            >
              {title}
            </LinkAnchor>{' '}
            <Text span c="dimmed" size="sm">
              after {attempts} attempts
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  )
}

import { Group, Text } from '@mantine/core'
import type { Me } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import { cohortQuery } from '../../api/index.js'
import { Card, CopyButton, LinkAnchor, LinkButton } from '../../ui/index.js'

/** A cohort that the person teaches: to its progress in one click, its join code at hand. */
export function StaffCohort({ cohort }: { cohort: Me['cohorts'][number] }) {
  const detail = useQuery(cohortQuery(cohort.id)).data
  const params = { cohort: cohort.id }
  return (
    <Card
      title={cohort.name}
      actions={
        <Text size="sm" c="dimmed">
          {cohort.role === 'instructor' ? 'You teach' : 'You assist'}
        </Text>
      }
    >
      <Text c="dimmed" mb="md">
        {cohort.courseTitle}
        {detail ? ` · ${detail.learners} ${detail.learners === 1 ? 'learner' : 'learners'}` : ' '}
      </Text>
      <Group gap="xs">
        <LinkButton size="xs" to="/cohorts/$cohort/progress" params={params}>
          Progress
        </LinkButton>
        <LinkButton size="xs" variant="default" to="/cohorts/$cohort/people" params={params}>
          People
        </LinkButton>
        {detail?.joinCode && <CopyButton value={detail.joinCode} label="Copy join code" />}
        <LinkAnchor size="sm" to="/cohorts/$cohort" params={params}>
          Course map
        </LinkAnchor>
      </Group>
    </Card>
  )
}

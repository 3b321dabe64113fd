import { Group } from '@mantine/core'
import { StatusBadge } from '../../ui/index.js'

export function Legend() {
  return (
    <Group gap="xs">
      <StatusBadge tone="good">done</StatusBadge>
      <StatusBadge tone="busy">started</StatusBadge>
      <StatusBadge tone="bad" symbol="!">
        stuck: 3 or more attempts, none full
      </StatusBadge>
    </Group>
  )
}

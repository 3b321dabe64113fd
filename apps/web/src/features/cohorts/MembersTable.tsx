import { Table, Text } from '@mantine/core'
import type { CohortRole } from '@cooperage/contracts'
import { EmptyState, StatusBadge } from '../../ui/index.js'

interface Member {
  id: string
  name: string
  email: string
  role: CohortRole
}
const roleWords: Record<CohortRole, string> = {
  instructor: 'Instructor',
  assistant: 'Assistant',
  learner: 'Learner',
}

export function MembersTable({ members }: { members: readonly Member[] }) {
  if (members.length === 0) return <EmptyState title="Nobody here yet">Share the join code above.</EmptyState>
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Role</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <Table.Tr key={member.id}>
              <Table.Td>
                {member.name}
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {member.email}
                </Text>
              </Table.Td>
              <Table.Td>
                {member.role === 'learner' ? (
                  roleWords.learner
                ) : (
                  <StatusBadge tone="busy" symbol={null}>
                    {roleWords[member.role]}
                  </StatusBadge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

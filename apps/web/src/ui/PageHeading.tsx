import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

/** The one h1 of a page; also names the document. */
export function PageHeading({
  title,
  documentTitle = title,
  lead,
  actions,
  above,
}: {
  title: string
  /** When the tab should say more than the heading. */
  documentTitle?: string
  lead?: ReactNode
  actions?: ReactNode
  /** A small line over the heading: where this page belongs. */
  above?: ReactNode
}) {
  useDocumentTitle(`${documentTitle} · Cooperage`)
  return (
    <Group component="header" justify="space-between" align="flex-end" gap="sm" mb="lg">
      <div style={{ minWidth: 0, flex: '1 1 16rem' }}>
        {above && (
          <Text size="sm" c="dimmed" mb={4} component="div">
            {above}
          </Text>
        )}
        <Title order={1} size="h2">
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" mt={4} maw="44rem" component="div">
            {lead}
          </Text>
        )}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}

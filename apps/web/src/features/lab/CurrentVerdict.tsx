import type { Lab } from '@cooperage/contracts'
import { Group, Loader } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { itemPath } from '../../app/paths.js'
import { EmptyState, LinkButton, Loaded, PageSkeleton } from '../../ui/index.js'
import { VerdictPanel, type LiveSubmission } from '../verdict/index.js'

/** The latest attempt: live while it is graded, its verdict afterwards. */
export function CurrentVerdict({
  lab,
  live,
  none,
  sending,
}: {
  lab: Lab
  live: LiveSubmission
  /** There is no attempt yet. */
  none: boolean
  /** The next attempt is on its way to the API. */
  sending: boolean
}) {
  if (sending)
    return (
      <Group gap="sm">
        <Loader size={18} aria-hidden />
        <output>Sending your files</output>
      </Group>
    )
  if (none)
    return (
      <EmptyState title="No verdict yet">
        Write your files, then press Submit. Each check shows here as soon as it is done.
      </EmptyState>
    )
  return (
    <Loaded query={live} skeleton={<PageSkeleton heading={false} rows={4} label="The verdict is loading" />}>
      {(submission) => (
        <>
          <VerdictPanel
            submission={submission}
            stages={live.stages}
            connection={live.connection}
            checks={lab.checks}
          />
          {lab.next && submission.status === 'graded' && submission.score === submission.maxScore && (
            <LinkButton
              mt="sm"
              size="xs"
              to={itemPath(submission.cohort, lab.next.kind, lab.next.id)}
              rightSection={<IconArrowRight size={15} aria-hidden />}
            >
              Next: {lab.next.title}
            </LinkButton>
          )}
        </>
      )}
    </Loaded>
  )
}

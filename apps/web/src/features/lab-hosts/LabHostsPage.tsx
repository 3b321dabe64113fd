import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useMe } from '../../app/hooks.js'
import { EmptyState, Loaded, PageHeading } from '../../ui/index.js'
import { HostCard } from './HostCard.js'
import { labHostsQuery } from './queries.js'

export const Route = createLazyRoute('/signed-in/lab-hosts')({ component: LabHostsPage })

function LabHostsPage() {
  const me = useMe()
  return (
    <>
      <PageHeading
        title="Lab hosts"
        lead="Learners’ code runs here. Each host is attacked on purpose, from inside a pod like theirs: labs run where nothing gets through."
      />
      {me.role === 'admin' ? (
        <Hosts />
      ) : (
        <EmptyState title="For admins only">Ask an admin of this installation how its labs are.</EmptyState>
      )}
    </>
  )
}

function Hosts() {
  const query = useQuery(labHostsQuery)
  return (
    <Loaded query={query} page>
      {(hosts) =>
        hosts.length === 0 ? (
          <EmptyState title="No lab host yet">
            One appears here when its worker has tested it for the first time.
          </EmptyState>
        ) : (
          <Stack gap="lg">
            {hosts.map((host) => (
              <HostCard key={host.id} host={host} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  )
}

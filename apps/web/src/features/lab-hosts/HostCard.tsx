import { Button, Group, Stack, Text, Title } from '@mantine/core'
import type { HostNote, LabHost } from '@cooperage/contracts'
import { call } from '../../api/index.js'
import { Card, FormError, Notice, RelativeTime, StatusBadge } from '../../ui/index.js'
import { AcceptedRisk } from './AcceptedRisk.js'
import classes from './lab-hosts.module.css'
import { useHostChange } from './queries.js'
import { rowsToShow, staleRisks } from './rows.js'
import { RowTable } from './RowTable.js'

export function HostCard({ host }: { host: LabHost }) {
  const rows = rowsToShow(host)
  const stale = staleRisks(host, rows)
  const latest = [host.quick, host.full]
    .filter((report) => report !== null)
    .sort((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))[0]
  return (
    <Card title={host.name} actions={<StateBadge off={host.off} />}>
      <Stack>
        <div>
          <Text size="sm" c="dimmed">
            {host.engine}
          </Text>
          <Text size="sm" c="dimmed">
            <Tested what="Quick test" at={host.quick?.finishedAt} /> ·{' '}
            <Tested what="Full test" at={host.full?.finishedAt} />
          </Text>
        </div>
        <WhyOff host={host} failing={rows.filter(({ fails, accepted }) => fails && !accepted).length} />
        <FullTest host={host} />
        <RowTable host={host} rows={rows} />
        {stale.length > 0 && (
          <section>
            <Title order={3} size="h5">
              Accepted, and held in the last test
            </Title>
            {stale.map((risk) => (
              <AcceptedRisk key={risk.row} host={host.id} risk={risk} named />
            ))}
          </section>
        )}
        {latest && <Notes notes={latest.notes} />}
      </Stack>
    </Card>
  )
}

function StateBadge({ off }: { off: string | null }) {
  return (
    <output>
      {off === null ? (
        <StatusBadge tone="good">Labs are on</StatusBadge>
      ) : (
        <StatusBadge tone="bad">Labs are off</StatusBadge>
      )}
    </output>
  )
}

function Tested({ what, at }: { what: string; at: string | undefined }) {
  return at ? (
    <>
      {what} <RelativeTime at={at} />
    </>
  ) : (
    <>{what}: never</>
  )
}

function WhyOff({ host, failing }: { host: LabHost; failing: number }) {
  if (failing > 0) {
    return (
      <Notice
        tone="bad"
        title={failing === 1 ? 'One attack was not held off' : `${failing} attacks were not held off`}
      >
        <Text size="sm">
          Labs stay off here until the host is mended and tested again, or you accept{' '}
          {failing === 1 ? 'its risk' : 'the risk of each'} below.
        </Text>
      </Notice>
    )
  }
  if (host.off === null) return null
  return (
    <Notice tone="warn" title="No lab runs here at the moment">
      <Text size="sm">{host.off.charAt(0).toUpperCase() + host.off.slice(1)}</Text>
    </Notice>
  )
}

function FullTest({ host }: { host: LabHost }) {
  const ask = useHostChange(() => call('requestSelfTest', { params: { host: host.id } }))
  return (
    <div>
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          disabled={host.fullTestRequested}
          loading={ask.isPending}
          onClick={() => ask.mutate(undefined)}
          aria-label={`Run the full test of ${host.name}`}
        >
          Run the full test
        </Button>
        <Text size="sm" c="dimmed" component="output">
          {host.fullTestRequested
            ? 'Asked for. It takes about a minute; the results appear here.'
            : 'Every attack, beside the labs that run; it takes about a minute.'}
        </Text>
      </Group>
      <FormError error={ask.error} />
    </div>
  )
}

function Notes({ notes }: { notes: readonly HostNote[] }) {
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        What the host has and lacks
      </Title>
      <ul className={classes.notes}>
        {notes.map((note) => (
          <li key={note.id}>
            <StatusBadge tone={note.present ? 'good' : 'quiet'}>{note.present ? 'has' : 'note'}</StatusBadge>
            <div>
              <Text size="sm" fw={550}>
                {note.fact}
              </Text>
              <Text size="sm" c="dimmed">
                {note.means}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

import { Button, Text } from '@mantine/core'
import type { LabHost, SelfTestRow } from '@cooperage/contracts'
import { useState } from 'react'
import { StatusBadge, type Tone } from '../../ui/index.js'
import { AcceptedRisk } from './AcceptedRisk.js'
import { AcceptRiskDialog } from './AcceptRiskDialog.js'
import classes from './lab-hosts.module.css'
import type { ShownRow } from './rows.js'

const verdicts: Record<SelfTestRow['verdict'], { tone: Tone; word: string }> = {
  held: { tone: 'good', word: 'held' },
  broken: { tone: 'bad', word: 'broken' },
  untried: { tone: 'warn', word: 'untried' },
}

export function RowTable({ host, rows }: { host: LabHost; rows: readonly ShownRow[] }) {
  return (
    <table className={classes.table} aria-label={`Attacks on ${host.name}`}>
      <thead>
        <tr>
          <th>Verdict</th>
          <th>Tried</th>
          <th>What happened</th>
          <th>What stops it</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((shown) => (
          <Row key={shown.row.id} host={host} shown={shown} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ host, shown: { row, fails, accepted } }: { host: LabHost; shown: ShownRow }) {
  const { tone, word } = verdicts[row.verdict]
  return (
    <tr data-fails={fails && !accepted ? true : undefined}>
      <td>
        <StatusBadge tone={accepted && fails ? 'warn' : tone}>{word}</StatusBadge>
      </td>
      <td>
        <Text size="sm" fw={550}>
          {row.tried}
        </Text>
        <Text size="xs" c="dimmed">
          {row.id}
          {!row.matters && row.verdict !== 'held' && ' · labs may run without'}
        </Text>
      </td>
      <td>
        <Text size="sm">{row.happened}</Text>
        {fails && <RiskOfRow host={host} row={row} accepted={accepted} />}
      </td>
      <td className={classes.stoppedBy}>
        <Text size="sm" c="dimmed">
          {row.stoppedBy}
        </Text>
      </td>
    </tr>
  )
}

function RiskOfRow({
  host,
  row,
  accepted,
}: {
  host: LabHost
  row: SelfTestRow
  accepted: ShownRow['accepted']
}) {
  const [asking, setAsking] = useState(false)
  const [mine, setMine] = useState(false)
  if (accepted) return <AcceptedRisk host={host.id} risk={accepted} focused={mine} />
  return (
    <>
      <Button
        size="xs"
        variant="default"
        mt="xs"
        aria-label={`Accept this risk: ${row.tried}`}
        onClick={() => setAsking(true)}
      >
        Accept this risk
      </Button>
      <AcceptRiskDialog
        host={host}
        row={row}
        opened={asking}
        onClose={() => setAsking(false)}
        onAccepted={() => setMine(true)}
      />
    </>
  )
}

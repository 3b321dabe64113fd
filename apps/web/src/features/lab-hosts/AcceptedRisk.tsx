import { Button, Group, Text } from '@mantine/core'
import type { LabHost } from '@cooperage/contracts'
import { useState } from 'react'
import { call } from '../../api/index.js'
import { FormError, RelativeTime } from '../../ui/index.js'
import classes from './lab-hosts.module.css'
import { useHostChange } from './queries.js'

/** The button that was pressed is gone; the keyboard goes on at its successor. */
const focusIt = (button: HTMLButtonElement | null) => button?.focus()

/** Who took it, when and why. Withdrawing asks once more, in place: it may turn labs off for everybody. */
export function AcceptedRisk({
  host,
  risk,
  named = false,
  focused = false,
}: {
  host: string
  risk: LabHost['acceptedRisks'][number]
  /** Says which row it is; else it stands at its row. */
  named?: boolean
  focused?: boolean
}) {
  const [asking, setAsking] = useState(false)
  const withdraw = useHostChange(() => call('withdrawRisk', { params: { host, row: risk.row } }))
  return (
    <div className={classes.accepted}>
      <Text size="sm">
        {named && <strong>{risk.row}: </strong>}
        Accepted by {risk.by.name} <RelativeTime at={risk.at} />: “{risk.reason}”
      </Text>
      {asking ? (
        <Group gap="xs">
          <Button
            size="xs"
            color="red"
            loading={withdraw.isPending}
            onClick={() => withdraw.mutate(undefined)}
            ref={focusIt}
          >
            Withdraw now
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsking(false)}>
            Keep
          </Button>
        </Group>
      ) : (
        <Button
          size="xs"
          variant="default"
          aria-label={`Withdraw: ${risk.row}`}
          onClick={() => setAsking(true)}
          {...(focused ? { ref: focusIt } : {})}
        >
          Withdraw
        </Button>
      )}
      <FormError error={withdraw.error} />
    </div>
  )
}

import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import type { LabHost, SelfTestRow } from '@cooperage/contracts'
import { call } from '../../api/index.js'
import { fieldError, FormError, Notice, onSubmit } from '../../ui/index.js'
import { useHostChange } from './queries.js'

interface Asked {
  host: LabHost
  row: SelfTestRow
  onClose: () => void
  onAccepted: () => void
}

/** A risk is accepted by its name, by somebody, and for a reason. */
export function AcceptRiskDialog({ opened, ...asked }: Asked & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={asked.onClose}
      title="Accept this risk?"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <AcceptForm {...asked} />
    </Modal>
  )
}

function AcceptForm({ host, row, onClose, onAccepted }: Asked) {
  const accept = useHostChange((reason: string) =>
    call('acceptRisk', { params: { host: host.id, row: row.id }, body: { reason } }),
  )
  return (
    <form
      onSubmit={onSubmit((value) =>
        accept.mutate(value('reason'), {
          onSuccess: () => {
            onAccepted()
            onClose()
          },
        }),
      )}
    >
      <Stack>
        <Notice tone="warn" title={`${row.tried} (${row.id})`}>
          <Text size="sm">{row.happened}</Text>
        </Notice>
        <Text size="sm">
          {row.verdict === 'broken'
            ? `Any learner’s code can do the same on ${host.name}.`
            : `It could not be tried on ${host.name}, which proves nothing: a learner’s code may be able to.`}{' '}
          What should stop it: {row.stoppedBy}. Labs will run there all the same, also after the next test,
          until you withdraw this. Your name and your reason are kept for other admins to see.
        </Text>
        <Textarea
          label="Why you accept it"
          name="reason"
          description="At least 10 characters."
          required
          withAsterisk={false}
          minLength={10}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus
          error={fieldError(accept.error, 'reason')}
        />
        <FormError error={accept.error} shownAt={['reason']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={accept.isPending}>
            Accept the risk
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

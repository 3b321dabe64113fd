import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** Asks before something is lost. Esc, the backdrop and "Cancel" change nothing. */
export function ConfirmDialog({
  opened,
  title,
  confirm,
  onConfirm,
  onClose,
  children,
}: {
  opened: boolean
  title: string
  /** What the button that does it says. */
  confirm: string
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm">{children}</Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red"
          onClick={() => {
            onConfirm()
            onClose()
          }}
        >
          {confirm}
        </Button>
      </Group>
    </Modal>
  )
}

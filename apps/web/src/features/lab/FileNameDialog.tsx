import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { nameFault } from './file-names.js'

export interface NameRequest {
  title: string
  /** What the button says. */
  action: string
  proposed: string
  onName: (path: string) => void
}

/** Asks for the name of a file, and says at once why one is not possible. */
export function FileNameDialog({
  request,
  globs,
  taken,
  onClose,
}: {
  request: NameRequest | null
  globs: readonly string[]
  taken: readonly string[]
  onClose: () => void
}) {
  return (
    <Modal
      opened={request !== null}
      onClose={onClose}
      title={request?.title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {request && <NameForm request={request} globs={globs} taken={taken} onClose={onClose} />}
    </Modal>
  )
}

function NameForm({
  request,
  globs,
  taken,
  onClose,
}: {
  request: NameRequest
  globs: readonly string[]
  taken: readonly string[]
  onClose: () => void
}) {
  const [path, setPath] = useState(request.proposed)
  const [tried, setTried] = useState(false)
  const fault = nameFault(path.trim(), globs, taken)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (fault) return
        request.onName(path.trim())
        onClose()
      }}
    >
      <TextInput
        label="File name"
        description={`This lab takes ${globs.join(', ')}`}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        error={tried ? fault : null}
        spellCheck={false}
        autoCapitalize="off"
        data-autofocus
      />
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">{request.action}</Button>
      </Group>
    </form>
  )
}

import type { WireFile } from '@cooperage/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { attemptsKey, call, keys } from '../../api/index.js'

interface Sending {
  files: readonly WireFile[]
  /** The same for a repeated send, so that an answer lost on the way makes no second attempt. */
  key: string
}

/** Sends the files as an attempt; `data.id` is its submission. `variables` keeps what was sent, to explain a refusal. */
export function useSubmit(cohort: string, lab: string) {
  const client = useQueryClient()
  const mutation = useMutation({
    mutationFn: ({ files, key }: Sending) =>
      call('submit', { params: { cohort, lab }, body: { files: [...files] } }, { idempotencyKey: key }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: attemptsKey(cohort, lab) })
      void client.invalidateQueries({ queryKey: keys.myProgress(cohort) })
    },
  })
  const submit = (files: readonly WireFile[], onAccepted: () => void) => {
    const { variables, isError } = mutation
    const key = isError && variables?.files === files ? variables.key : newKey()
    mutation.mutate({ files, key }, { onSuccess: onAccepted })
  }
  return { ...mutation, submit }
}

/** `crypto.randomUUID` is missing where the page is not served over TLS, as in a classroom's own network. */
const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

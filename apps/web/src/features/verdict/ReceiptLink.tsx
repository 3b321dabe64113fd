import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { asProblem, saveFile, urlOf } from '../../api/index.js'
import classes from './verdict.module.css'

/** Saves the verdict as a file that the API signed. */
export function ReceiptLink({ submission }: { submission: string }) {
  const of = { params: { submission } }
  const save = useMutation({
    mutationFn: () => saveFile('getReceipt', of),
    onError: (error) => {
      const problem = asProblem(error)
      notifications.show({
        color: 'red',
        title: 'No receipt',
        message: problem?.detail ?? 'Try again in a moment.',
      })
    },
  })
  return (
    <p className={classes.receipt}>
      <Anchor
        href={urlOf('getReceipt', of)}
        inherit
        underline="always"
        onClick={(event) => {
          event.preventDefault()
          if (!save.isPending) save.mutate()
        }}
      >
        Receipt
      </Anchor>{' '}
      of this verdict: a signed file that anybody can check without this site.
    </p>
  )
}

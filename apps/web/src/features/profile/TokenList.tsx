import { Button, Group, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/index.js'
import { FormError, RelativeTime, useNow } from '../../ui/index.js'
import classes from './TokenList.module.css'
import { tokensQuery } from './queries.js'

interface Token {
  id: string
  name: string
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
}

export function TokenList({ tokens }: { tokens: readonly Token[] }) {
  if (tokens.length === 0) return <Text c="dimmed">You have no tokens.</Text>
  return (
    <ul className={classes.list}>
      {tokens.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
    </ul>
  )
}

/** The button that was pressed is gone; the keyboard goes on at its successor. */
const focusIt = (button: HTMLButtonElement | null) => button?.focus()

/** Revoking asks once more, in place: a program may depend on the token. */
function TokenRow({ token }: { token: Token }) {
  const queryClient = useQueryClient()
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const revoke = useMutation({
    mutationFn: () => call('deleteToken', { params: { token: token.id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  return (
    <li>
      <div className={classes.row}>
        <div className={classes.what}>
          <Text fw={550}>{token.name}</Text>
          <Text size="sm" c="dimmed">
            created <RelativeTime at={token.createdAt} />
            {' · '}
            {token.lastUsedAt ? (
              <>
                last used <RelativeTime at={token.lastUsedAt} />
              </>
            ) : (
              'never used'
            )}
            {token.expiresAt && (
              <>
                {' · '}
                {Date.parse(token.expiresAt) < now ? 'expired ' : 'expires '}
                <RelativeTime at={token.expiresAt} />
              </>
            )}
          </Text>
        </div>
        {asking ? (
          <Group gap="xs" wrap="nowrap">
            <Button
              size="xs"
              color="red"
              loading={revoke.isPending}
              onClick={() => revoke.mutate()}
              ref={focusIt}
            >
              Revoke now
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              Keep
            </Button>
          </Group>
        ) : (
          <Button
            size="xs"
            variant="default"
            aria-label={`Revoke ${token.name}`}
            onClick={() => setAsking(true)}
          >
            Revoke
          </Button>
        )}
      </div>
      <FormError error={revoke.error} />
    </li>
  )
}

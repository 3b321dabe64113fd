import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/index.js'
import {
  Card,
  CopyButton,
  fieldError,
  FormError,
  fromLocalField,
  Loaded,
  Notice,
  onSubmit,
  PageSkeleton,
} from '../../ui/index.js'
import { tokensQuery } from './queries.js'
import { TokenList } from './TokenList.js'

/** API tokens, for programs that act for this person. */
export function Tokens() {
  const queryClient = useQueryClient()
  const query = useQuery(tokensQuery)
  const create = useMutation({
    mutationFn: (body: { name: string; expiresAt?: string }) => call('createToken', { body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  return (
    <Card title="API tokens">
      <Stack>
        <Text size="sm" c="dimmed">
          A token lets a program act as you. Treat it like your password.
        </Text>
        <Loaded query={query} skeleton={<PageSkeleton heading={false} rows={2} />}>
          {(page) => <TokenList tokens={page.items} />}
        </Loaded>
        <output>
          {create.data && (
            <Notice tone="warn" title="Copy it now: it is shown only this once">
              <Code block mb="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                {create.data.token}
              </Code>
              <CopyButton value={create.data.token} label="Copy token" />
            </Notice>
          )}
        </output>
        <form
          onSubmit={onSubmit((value, form) => {
            const expiresAt = fromLocalField(value('expiresAt'))
            create.mutate(
              { name: value('tokenName'), ...(expiresAt && { expiresAt }) },
              { onSuccess: () => form.reset() },
            )
          })}
        >
          <Stack gap="sm">
            <Group align="flex-end" gap="xs">
              <TextInput
                label="Token name"
                name="tokenName"
                placeholder="Laptop script"
                required
                withAsterisk={false}
                maxLength={80}
                autoComplete="off"
                error={fieldError(create.error, 'name')}
                style={{ flex: '1 1 12rem' }}
              />
              <TextInput
                label="Expires (optional)"
                name="expiresAt"
                type="datetime-local"
                error={fieldError(create.error, 'expiresAt')}
              />
              <Button type="submit" loading={create.isPending}>
                Create token
              </Button>
            </Group>
            <FormError error={create.error} shownAt={['name', 'expiresAt']} />
          </Stack>
        </form>
      </Stack>
    </Card>
  )
}

import { Button, Container, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import type { UpdateMeBody } from '@cooperage/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import type { z } from 'zod'
import { call, keys } from '../../api/index.js'
import { useMe } from '../../app/hooks.js'
import { Card, fieldError, FormError, onSubmit, PageHeading } from '../../ui/index.js'
import { Tokens } from './Tokens.js'

export const Route = createLazyRoute('/signed-in/profile')({ component: ProfilePage })

function ProfilePage() {
  const me = useMe()
  return (
    <Container size="sm" mx={0} px={0}>
      <PageHeading title="Profile" lead={me.email} />
      <Stack gap="lg">
        <NameForm name={me.name} />
        <PasswordForm email={me.email} />
        <Tokens />
      </Stack>
    </Container>
  )
}

function useUpdateMe() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof UpdateMeBody>) => call('updateMe', { body }),
    onSuccess: (me) => queryClient.setQueryData(keys.me, me),
  })
}

/** Says that it worked, where screen readers hear it; keeps its line, so that nothing moves. */
function Saved({ when, children }: { when: boolean; children: string }) {
  return (
    <Text size="sm" c="var(--c-good)" component="output" display="inline" ml="sm">
      {when ? children : ''}
    </Text>
  )
}

function NameForm({ name }: { name: string }) {
  const update = useUpdateMe()
  return (
    <Card title="Name">
      <form onSubmit={onSubmit((value) => update.mutate({ name: value('name') }))}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="As others in your cohorts see it."
            name="name"
            autoComplete="name"
            required
            withAsterisk={false}
            maxLength={120}
            defaultValue={name}
            error={fieldError(update.error, 'name')}
          />
          <FormError error={update.error} shownAt={['name']} />
          <div>
            <Button type="submit" loading={update.isPending}>
              Save name
            </Button>
            <Saved when={update.isSuccess}>Saved</Saved>
          </div>
        </Stack>
      </form>
    </Card>
  )
}

function PasswordForm({ email }: { email: string }) {
  const update = useUpdateMe()
  return (
    <Card title="Password">
      <form
        onSubmit={onSubmit((value, form) =>
          update.mutate(
            { password: { current: value('current'), next: value('next') } },
            { onSuccess: () => form.reset() },
          ),
        )}
      >
        <Stack gap="sm">
          {/* Password managers need to know whose password changes. */}
          <input
            className="visually-hidden"
            name="username"
            autoComplete="username"
            value={email}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <PasswordInput
            label="Current password"
            name="current"
            autoComplete="current-password"
            required
            withAsterisk={false}
            error={fieldError(update.error, 'password.current')}
          />
          <PasswordInput
            label="New password"
            description="At least 10 characters."
            name="next"
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={10}
            maxLength={200}
            error={fieldError(update.error, 'password.next')}
          />
          <FormError error={update.error} shownAt={['password.current', 'password.next']} />
          <div>
            <Button type="submit" loading={update.isPending}>
              Change password
            </Button>
            <Saved when={update.isSuccess}>Changed</Saved>
          </div>
        </Stack>
      </form>
    </Card>
  )
}

import { Button, Code, Container, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { Role } from '@cooperage/contracts'
import { useMutation } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { call } from '../../api/index.js'
import { useMe } from '../../app/hooks.js'
import {
  CopyButton,
  EmptyState,
  fieldError,
  FormError,
  Notice,
  onSubmit,
  PageHeading,
} from '../../ui/index.js'

export const Route = createLazyRoute('/signed-in/people/new')({ component: NewUserPage })

const roles: { value: Role; label: string }[] = [
  { value: 'learner', label: 'Learner' },
  { value: 'assistant', label: 'Assistant' },
  { value: 'instructor', label: 'Instructor' },
  { value: 'admin', label: 'Admin' },
]
const shownAt = ['email', 'name', 'role', 'password'] as const

function NewUserPage() {
  const me = useMe()
  return (
    <Container size="xs" mx={0} px={0}>
      <PageHeading
        title="Create user"
        lead="Without a password you get a link, with which the person chooses their own."
      />
      {me.role === 'admin' ? (
        <NewUserForm />
      ) : (
        <EmptyState title="For admins only">Ask an admin of this installation to create accounts.</EmptyState>
      )}
    </Container>
  )
}

function NewUserForm() {
  const create = useMutation({
    mutationFn: (body: { email: string; name: string; role: Role; password?: string }) =>
      call('createUser', { body }, { idempotencyKey: crypto.randomUUID() }),
  })
  return (
    <Stack>
      <form
        onSubmit={onSubmit((value, form) => {
          const password = value('password')
          create.mutate(
            {
              email: value('email'),
              name: value('name'),
              role: Role.catch('learner').parse(value('role')),
              ...(password && { password }),
            },
            { onSuccess: () => form.reset() },
          )
        })}
      >
        <Stack>
          <TextInput
            label="Email"
            name="email"
            type="email"
            autoComplete="off"
            required
            withAsterisk={false}
            error={fieldError(create.error, 'email')}
          />
          <TextInput
            label="Name"
            name="name"
            autoComplete="off"
            required
            withAsterisk={false}
            maxLength={120}
            error={fieldError(create.error, 'name')}
          />
          <NativeSelect label="Role" name="role" data={roles} error={fieldError(create.error, 'role')} />
          <PasswordInput
            label="Password"
            description="Optional; at least 10 characters."
            name="password"
            autoComplete="new-password"
            minLength={10}
            maxLength={200}
            error={fieldError(create.error, 'password')}
          />
          <FormError error={create.error} shownAt={shownAt} />
          <Button type="submit" loading={create.isPending}>
            Create user
          </Button>
        </Stack>
      </form>
      <output>
        {create.data && (
          <Notice tone="good" title={`${create.data.name} has an account`}>
            {create.data.invitationUrl ? (
              <>
                <Text size="sm" mb="xs">
                  Send this link to {create.data.email}. It works once.
                </Text>
                <Code block mb="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                  {create.data.invitationUrl}
                </Code>
                <CopyButton value={create.data.invitationUrl} label="Copy link" />
              </>
            ) : (
              <Text size="sm">They can sign in with {create.data.email} and the password.</Text>
            )}
          </Notice>
        )}
      </output>
    </Stack>
  )
}

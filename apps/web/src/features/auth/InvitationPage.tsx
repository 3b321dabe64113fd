import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { call } from '../../api/index.js'
import { fieldError, FormError, LinkAnchor, onSubmit } from '../../ui/index.js'
import { AuthFrame } from './AuthFrame.js'

export const Route = createLazyRoute('/invitations/$token')({ component: InvitationPage })

function InvitationPage() {
  const { token } = Route.useParams()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const accept = useMutation({
    mutationFn: (body: { name: string; password: string }) =>
      call('acceptInvitation', { params: { token }, body }),
    onSuccess: ({ user }) => {
      queryClient.clear()
      // The link is all that they have seen so far; the next time they need the address.
      notifications.show({
        title: 'Your account is ready',
        message: `From now on, sign in as ${user.email} with your password.`,
        autoClose: false,
      })
      void navigate({ to: '/', replace: true })
    },
  })
  return (
    <AuthFrame title="Welcome" lead="Choose your name and a password to begin.">
      <form
        onSubmit={onSubmit((value) => accept.mutate({ name: value('name'), password: value('password') }))}
      >
        <Stack>
          <TextInput
            label="Name"
            description="As others in your cohort see it."
            name="name"
            autoComplete="name"
            required
            withAsterisk={false}
            maxLength={120}
            error={fieldError(accept.error, 'name')}
          />
          <PasswordInput
            label="Password"
            description="At least 10 characters."
            name="password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={10}
            maxLength={200}
            error={fieldError(accept.error, 'password')}
          />
          <FormError error={accept.error} shownAt={['name', 'password']} />
          <Button type="submit" loading={accept.isPending} fullWidth>
            Create account
          </Button>
          <LinkAnchor to="/sign-in" size="sm" ta="center">
            I have a password already
          </LinkAnchor>
        </Stack>
      </form>
    </AuthFrame>
  )
}

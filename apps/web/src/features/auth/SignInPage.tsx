import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, useRouter } from '@tanstack/react-router'
import { call } from '../../api/index.js'
import { safeNext } from '../../app/paths.js'
import { fieldError, FormError, onSubmit } from '../../ui/index.js'
import { AuthFrame } from './AuthFrame.js'

export const Route = createLazyRoute('/sign-in')({ component: SignInPage })

function SignInPage() {
  const { next, ended } = Route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => call('login', { body }),
    onSuccess: () => {
      // Nothing that the person before may have seen stays in the cache.
      queryClient.clear()
      router.history.push(safeNext(next))
    },
  })
  return (
    <AuthFrame title="Sign in" lead={leadTo(next, ended)}>
      <form
        onSubmit={onSubmit((value) => signIn.mutate({ email: value('email'), password: value('password') }))}
      >
        <Stack>
          <TextInput
            label="Email"
            name="email"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            error={fieldError(signIn.error, 'email')}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            error={fieldError(signIn.error, 'password')}
          />
          <FormError error={signIn.error} shownAt={['email', 'password']} />
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
          <Text size="sm" c="dimmed">
            No account or password forgotten? Ask your instructor for an invitation.
          </Text>
        </Stack>
      </form>
    </AuthFrame>
  )
}

/** Why somebody is here who meant to be elsewhere. */
function leadTo(next: string | undefined, ended: boolean | undefined): string {
  if (ended)
    return 'Your session has ended. Sign in and go on where you were; drafts are kept in this browser.'
  return next?.startsWith('/join/')
    ? 'Then you can join your cohort.'
    : 'Lessons and labs to learn containers by doing.'
}

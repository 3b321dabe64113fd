import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { fieldError, FormError, onSubmit } from '../../ui/index.js'
import { useJoin } from './queries.js'

/** Join a cohort by its code, then go to its course map. */
export function JoinForm() {
  const navigate = useNavigate()
  const join = useJoin((cohort) => void navigate({ to: '/cohorts/$cohort', params: { cohort } }))
  return (
    <form
      onSubmit={onSubmit((value) => join.mutate(value('code')))}
      style={{ width: '100%', maxWidth: '24rem' }}
    >
      <Stack gap="sm">
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label="Join code"
            name="code"
            required
            withAsterisk={false}
            minLength={4}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            error={fieldError(join.error, 'code') !== undefined}
            style={{ flex: 1 }}
          />
          <Button type="submit" loading={join.isPending}>
            Join
          </Button>
        </Group>
        <FormError error={join.error} />
      </Stack>
    </form>
  )
}

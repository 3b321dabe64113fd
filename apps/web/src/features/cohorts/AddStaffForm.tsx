import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, keys } from '../../api/index.js'
import { fieldError, FormError, onSubmit } from '../../ui/index.js'

/** A co-instructor or an assistant, by the email address of their account. */
export function AddStaffForm({ cohort }: { cohort: string }) {
  const queryClient = useQueryClient()
  const add = useMutation({
    mutationFn: (body: { email: string; role: 'instructor' | 'assistant' }) =>
      call('addStaff', { params: { cohort }, body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...keys.cohort(cohort), 'members'] }),
  })
  return (
    <form
      onSubmit={onSubmit((value, form) =>
        add.mutate(
          { email: value('email'), role: value('role') === 'instructor' ? 'instructor' : 'assistant' },
          { onSuccess: () => form.reset() },
        ),
      )}
    >
      <Stack gap="sm">
        <Group align="flex-start" gap="xs">
          <TextInput
            label="Email"
            name="email"
            type="email"
            required
            withAsterisk={false}
            autoComplete="off"
            error={fieldError(add.error, 'email')}
            style={{ flex: '1 1 14rem' }}
          />
          <NativeSelect
            label="Role"
            name="role"
            data={[
              { value: 'assistant', label: 'Assistant' },
              { value: 'instructor', label: 'Instructor' },
            ]}
          />
          {/* Below the labels beside it, also when an error makes the field higher. */}
          <Button type="submit" loading={add.isPending} mt="1.55rem">
            Add
          </Button>
        </Group>
        <FormError error={add.error} shownAt={['email']} />
        <Text size="sm" c="dimmed" component="output">
          {add.isSuccess ? `${add.data.name} has been added.` : ''}
        </Text>
      </Stack>
    </form>
  )
}

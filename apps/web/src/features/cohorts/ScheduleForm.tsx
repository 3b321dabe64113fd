import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { LatePolicy, Schedule } from '@cooperage/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, keys } from '../../api/index.js'
import { fieldError, FormError, fromLocalField, onSubmit, toLocalField } from '../../ui/index.js'

const shownAt = ['opensAt', 'dueAt', 'closesAt', 'maxAttempts', 'late.percentPerDay'] as const

/** Dates are shown and taken in the browser's own time zone. */
export function ScheduleForm({
  cohort,
  lab,
  schedule,
  onSaved,
}: {
  cohort: string
  lab: string
  schedule: Schedule
  onSaved: () => void
}) {
  const queryClient = useQueryClient()
  const [late, setLate] = useState<LatePolicy['kind']>(schedule.late?.kind ?? 'accept')
  const save = useMutation({
    mutationFn: (body: Schedule) => call('setSchedule', { params: { cohort, lab }, body }),
    onSuccess: (saved) => {
      queryClient.setQueryData(keys.schedule(cohort, lab), saved)
      void queryClient.invalidateQueries({ queryKey: keys.myProgress(cohort) })
      notifications.show({ message: 'Schedule saved' })
      onSaved()
    },
  })
  const date = (label: string, name: 'opensAt' | 'dueAt' | 'closesAt') => (
    <TextInput
      label={label}
      name={name}
      type="datetime-local"
      defaultValue={toLocalField(schedule[name])}
      error={fieldError(save.error, name)}
    />
  )
  return (
    <form
      onSubmit={onSubmit((value) =>
        save.mutate({
          opensAt: fromLocalField(value('opensAt')),
          dueAt: fromLocalField(value('dueAt')),
          closesAt: fromLocalField(value('closesAt')),
          maxAttempts: value('maxAttempts') === '' ? null : Number(value('maxAttempts')),
          late:
            late === 'penalty'
              ? { kind: late, percentPerDay: Number(value('percentPerDay')) }
              : { kind: late },
        }),
      )}
    >
      <Stack mt="sm" mb="sm">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
          {date('Opens', 'opensAt')}
          {date('Due', 'dueAt')}
          {date('Closes', 'closesAt')}
          <NumberInput
            label="Attempts"
            description="Empty: as many as they like"
            name="maxAttempts"
            min={1}
            max={1000}
            allowDecimal={false}
            defaultValue={schedule.maxAttempts ?? ''}
            error={fieldError(save.error, 'maxAttempts')}
          />
          <NativeSelect
            label="Late work"
            description="After the due date"
            value={late}
            onChange={(event) => setLate(event.currentTarget.value as LatePolicy['kind'])}
            data={[
              { value: 'accept', label: 'Counts in full' },
              { value: 'penalty', label: 'Loses a part for each day' },
              { value: 'refuse', label: 'Is refused' },
            ]}
          />
          {late === 'penalty' && (
            <NumberInput
              label="Percent for each day"
              description="Of the score"
              name="percentPerDay"
              min={0}
              max={100}
              required
              withAsterisk={false}
              defaultValue={schedule.late?.kind === 'penalty' ? schedule.late.percentPerDay : 10}
              error={fieldError(save.error, 'late.percentPerDay')}
            />
          )}
        </SimpleGrid>
        <FormError error={save.error} shownAt={shownAt} />
        <Group gap="xs">
          <Button type="submit" size="sm" loading={save.isPending}>
            Save schedule
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

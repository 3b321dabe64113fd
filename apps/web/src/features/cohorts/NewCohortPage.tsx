import { Button, Container, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { call, keys } from '../../api/index.js'
import {
  EmptyState,
  fieldError,
  FormError,
  fromLocalField,
  Loaded,
  onSubmit,
  PageHeading,
} from '../../ui/index.js'
import { coursesQuery } from './queries.js'

export const Route = createLazyRoute('/signed-in/cohorts/new')({ component: NewCohortPage })

function NewCohortPage() {
  const courses = useQuery(coursesQuery)
  return (
    <Container size="sm" mx={0} px={0}>
      <PageHeading
        title="Create cohort"
        lead="A group of learners who take a course together. You become its instructor."
      />
      <Loaded query={courses}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState title="No course is loaded">
              The operator of this installation has to add a course first.
            </EmptyState>
          ) : (
            <NewCohortForm courses={page.items} />
          )
        }
      </Loaded>
    </Container>
  )
}

const fields = ['course', 'name', 'startsAt', 'endsAt'] as const

function NewCohortForm({ courses }: { courses: readonly { id: string; title: string }[] }) {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const create = useMutation({
    mutationFn: (body: { course: string; name: string; startsAt?: string; endsAt?: string }) =>
      call('createCohort', { body }, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: keys.me })
      void queryClient.invalidateQueries({ queryKey: keys.cohorts })
      await navigate({ to: '/cohorts/$cohort/people', params: { cohort: id } })
    },
  })
  return (
    <form
      onSubmit={onSubmit((value) => {
        const startsAt = fromLocalField(value('startsAt'))
        const endsAt = fromLocalField(value('endsAt'))
        create.mutate({
          course: value('course'),
          name: value('name'),
          ...(startsAt && { startsAt }),
          ...(endsAt && { endsAt }),
        })
      })}
    >
      <Stack>
        <TextInput
          label="Name"
          name="name"
          placeholder="Autumn class"
          required
          withAsterisk={false}
          maxLength={120}
          autoComplete="off"
          error={fieldError(create.error, 'name')}
        />
        <NativeSelect
          label="Course"
          name="course"
          data={courses.map((course) => ({ value: course.id, label: course.title }))}
          error={fieldError(create.error, 'course')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label="Starts"
            description="Optional"
            name="startsAt"
            type="datetime-local"
            error={fieldError(create.error, 'startsAt')}
          />
          <TextInput
            label="Ends"
            description="Optional"
            name="endsAt"
            type="datetime-local"
            error={fieldError(create.error, 'endsAt')}
          />
        </SimpleGrid>
        <FormError error={create.error} shownAt={fields} />
        <Button type="submit" loading={create.isPending} style={{ alignSelf: 'flex-start' }}>
          Create cohort
        </Button>
      </Stack>
    </form>
  )
}

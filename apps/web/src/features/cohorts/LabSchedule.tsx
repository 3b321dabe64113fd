import { Button, Text } from '@mantine/core'
import type { CourseItem, Schedule } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import { scheduleQuery } from '../../api/index.js'
import { ErrorState } from '../../ui/index.js'
import classes from './LabSchedule.module.css'
import { ScheduleForm } from './ScheduleForm.js'

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const at = (words: string, value: string | null | undefined) =>
  value ? `${words} ${format.format(new Date(value))}` : null

/** One line that says what holds. */
function summary(schedule: Schedule): string {
  const late = schedule.late
  const parts = [
    at('opens', schedule.opensAt),
    at('due', schedule.dueAt),
    at('closes', schedule.closesAt),
    schedule.maxAttempts
      ? `${schedule.maxAttempts} ${schedule.maxAttempts === 1 ? 'attempt' : 'attempts'}`
      : null,
    late?.kind === 'refuse' ? 'late work is refused' : null,
    late?.kind === 'penalty' ? `late work loses ${late.percentPerDay} % a day` : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'Always open' : parts.join(' · ')
}

export function LabSchedule({
  cohort,
  lab,
  mayEdit,
  open,
  onOpen,
}: {
  cohort: string
  lab: CourseItem
  mayEdit: boolean
  open: boolean
  onOpen: (open: boolean) => void
}) {
  const query = useQuery(scheduleQuery(cohort, lab.id))
  return (
    <div className={classes.lab}>
      <div className={classes.line}>
        <div className={classes.what}>
          <Text fw={550}>{lab.title}</Text>
          <Text size="sm" c="dimmed">
            {query.data ? summary(query.data) : ' '}
          </Text>
        </div>
        {mayEdit && (
          <Button
            size="xs"
            variant="default"
            aria-expanded={open}
            aria-label={`${open ? 'Cancel editing the' : 'Edit'} schedule of ${lab.title}`}
            disabled={!query.data}
            onClick={() => onOpen(!open)}
          >
            {open ? 'Cancel' : 'Edit'}
          </Button>
        )}
      </div>
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {open && mayEdit && query.data && (
        <ScheduleForm cohort={cohort} lab={lab.id} schedule={query.data} onSaved={() => onOpen(false)} />
      )}
    </div>
  )
}

import { Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { learnersQuery } from '../../api/index.js'
import { Card } from '../../ui/index.js'
import { AttemptList } from './AttemptList.js'
import { questionAttemptsQuery } from './queries.js'

/** Staff: what the cohort answered, to read and review. */
export function CohortAttempts({
  cohort,
  question,
  learner,
  opened,
  onOpen,
  onLearner,
}: {
  cohort: string
  question: string
  learner: string | undefined
  opened: string | undefined
  onOpen: (attempt: string) => void
  onLearner: (learner: string | undefined) => void
}) {
  const learners = useQuery(learnersQuery(cohort))
  const attempts = useInfiniteQuery(questionAttemptsQuery(cohort, question, learner))
  return (
    <Card title="Attempts of the cohort">
      <Select
        label="Learner"
        placeholder={learners.isPending ? 'Loading…' : 'Everyone'}
        data={(learners.data ?? []).map(({ id, name, email }) => ({
          value: id,
          label: `${name} (${email})`,
        }))}
        value={learner ?? null}
        onChange={(id) => onLearner(id ?? undefined)}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Show everyone' }}
        nothingFoundMessage="Nobody of this name"
        maw="24rem"
        mb="sm"
        error={learners.isError && 'The learners could not be read; reload the page to try again.'}
      />
      <AttemptList
        query={attempts}
        opened={opened}
        onOpen={onOpen}
        label="Attempts of the cohort"
        named
        none={learner ? 'This learner has not answered yet.' : 'Nobody has answered yet.'}
      />
    </Card>
  )
}

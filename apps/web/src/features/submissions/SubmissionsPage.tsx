import type { SubmissionSummary } from '@cooperage/contracts'
import { Button, Select, Table } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { createLazyRoute, getRouteApi } from '@tanstack/react-router'
import { attemptsQuery, labQuery, learnersQuery } from '../../api/index.js'
import { isStaff, useCohort } from '../../app/hooks.js'
import { itemPath } from '../../app/paths.js'
import {
  EmptyState,
  ErrorState,
  LinkAnchor,
  PageHeading,
  PageSkeleton,
  RelativeTime,
  StatusBadge,
} from '../../ui/index.js'
import { AttemptBadge } from '../verdict/index.js'
import classes from './submissions.module.css'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/labs/$lab/submissions')({
  component: SubmissionsPage,
})
const route = getRouteApi('/signed-in/cohorts/$cohort/labs/$lab/submissions')

function SubmissionsPage() {
  const cohort = useCohort()
  const staff = isStaff(cohort)
  const { lab } = route.useParams()
  const { learner } = route.useSearch()
  const labTitle = useQuery(labQuery(cohort.course, lab)).data?.title ?? lab
  return (
    <>
      <PageHeading
        title="Submissions"
        documentTitle={`Submissions of ${labTitle}`}
        above={<LinkAnchor to={itemPath(cohort.id, 'lab', lab)}>{labTitle}</LinkAnchor>}
        lead={staff ? 'Attempts at this lab, newest first.' : 'Your attempts at this lab, newest first.'}
      />
      {staff && <LearnerFilter cohort={cohort.id} learner={learner} />}
      <List key={learner ?? ''} cohort={cohort.id} lab={lab} learner={learner} named={staff} />
    </>
  )
}

function LearnerFilter({ cohort, learner }: { cohort: string; learner: string | undefined }) {
  const navigate = route.useNavigate()
  const { data, isPending, isError, refetch } = useQuery(learnersQuery(cohort))
  if (isError)
    return <ErrorState title="The learners could not be read" error={null} onRetry={() => void refetch()} />
  return (
    <Select
      label="Learner"
      placeholder={isPending ? 'Loading…' : 'Everyone'}
      data={(data ?? []).map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
      value={learner ?? null}
      onChange={(id) => void navigate({ search: { learner: id ?? undefined } })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Show everyone' }}
      nothingFoundMessage="Nobody of this name"
      maw="24rem"
      mb="md"
    />
  )
}

function List({
  cohort,
  lab,
  learner,
  named,
}: {
  cohort: string
  lab: string
  learner: string | undefined
  named: boolean
}) {
  const query = useInfiniteQuery(attemptsQuery(cohort, lab, learner))
  if (query.isPending) return <PageSkeleton heading={false} />
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0)
    return (
      <EmptyState title="No submissions yet">
        {learner ? 'This learner has not submitted this lab.' : 'They show here as soon as there is one.'}
      </EmptyState>
    )
  return (
    <>
      <div className={classes.scroll}>
        <Table verticalSpacing="sm" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {named && <Table.Th>Learner</Table.Th>}
              <Table.Th>Attempt</Table.Th>
              <Table.Th>Result</Table.Th>
              <Table.Th className={classes.roomy}>Submitted</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Row key={item.id} item={item} named={named} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {query.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older submissions
        </Button>
      )}
    </>
  )
}

function Row({ item, named }: { item: SubmissionSummary; named: boolean }) {
  const { id, attempt, learner } = item
  return (
    <Table.Tr>
      {named && <Table.Td>{learner.name}</Table.Td>}
      <Table.Td className={classes.number}>
        <LinkAnchor
          to="/submissions/$submission"
          params={{ submission: id }}
          aria-label={named ? `Attempt ${attempt} of ${learner.name}` : undefined}
        >
          Attempt {attempt}
        </LinkAnchor>
      </Table.Td>
      <Table.Td>
        <span className={classes.badges}>
          <AttemptBadge attempt={item} />
          {item.late && <StatusBadge tone="warn">Late</StatusBadge>}
          <span className={`${classes.when} ${classes.narrow}`}>
            <RelativeTime at={item.submittedAt} />
          </span>
        </span>
      </Table.Td>
      <Table.Td className={`${classes.when} ${classes.roomy}`}>
        <RelativeTime at={item.submittedAt} />
      </Table.Td>
    </Table.Tr>
  )
}

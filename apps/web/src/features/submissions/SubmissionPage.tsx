import type { Submission } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, getRouteApi } from '@tanstack/react-router'
import { asProblem, call, cohortQuery, keys, labQuery, submissionKey } from '../../api/index.js'
import { isStaff, useMe } from '../../app/hooks.js'
import { itemPath } from '../../app/paths.js'
import { Card, LinkAnchor, LinkButton, Loaded, PageHeading } from '../../ui/index.js'
import { SubmittedFiles, useLiveSubmission, VerdictPanel, type LiveSubmission } from '../verdict/index.js'
import classes from './submissions.module.css'

export const Route = createLazyRoute('/signed-in/submissions/$submission')({ component: SubmissionPage })
const route = getRouteApi('/signed-in/submissions/$submission')

function SubmissionPage() {
  const { submission: id } = route.useParams()
  const live = useLiveSubmission(id)
  return (
    <Loaded query={live} page>
      {(submission) => <Shown submission={submission} live={live} />}
    </Loaded>
  )
}

function Shown({ submission, live }: { submission: Submission; live: LiveSubmission }) {
  const me = useMe()
  const { file } = route.useSearch()
  const navigate = route.useNavigate()
  const { id, lab, learner, attempt } = submission
  const cohort = useQuery(cohortQuery(submission.cohort)).data
  const known = useQuery({ ...labQuery(cohort?.course ?? '', lab), enabled: cohort !== undefined }).data
  const staff = me.role === 'admin' || (cohort !== undefined && isStaff(cohort))
  const title = known?.title ?? lab
  return (
    <>
      <PageHeading
        title={staff ? `${learner.name}, attempt ${attempt}` : `Attempt ${attempt}`}
        documentTitle={`${learner.name}: ${title}, attempt ${attempt}`}
        above={
          <>
            {cohort && (
              <>
                <LinkAnchor to="/cohorts/$cohort" params={{ cohort: cohort.id }}>
                  {cohort.name}
                </LinkAnchor>
                {' · '}
                {staff && (
                  <>
                    <LinkAnchor to="/cohorts/$cohort/progress" params={{ cohort: cohort.id }}>
                      Progress
                    </LinkAnchor>
                    {' · '}
                  </>
                )}
              </>
            )}
            <LinkAnchor to={itemPath(submission.cohort, 'lab', lab)}>{title}</LinkAnchor>
          </>
        }
        actions={
          <>
            {staff && (
              <LinkButton
                variant="default"
                size="xs"
                to="/cohorts/$cohort/labs/$lab/submissions"
                params={{ cohort: submission.cohort, lab }}
                search={{ learner: learner.id }}
              >
                All attempts of {learner.name}
              </LinkButton>
            )}
            {staff && <Regrade submission={submission} />}
          </>
        }
      />
      <div className={classes.two}>
        <Card title="Verdict">
          <VerdictPanel
            submission={submission}
            stages={live.stages}
            connection={live.connection}
            {...(known ? { checks: known.checks } : {})}
            label="Result"
            own={learner.id === me.id}
          />
        </Card>
        <Card title="Files as submitted">
          <SubmittedFiles
            submission={id}
            shown={file}
            onShow={(path) => void navigate({ search: { file: path }, replace: true, resetScroll: false })}
          />
        </Card>
      </div>
    </>
  )
}

/** Grades the stored files anew; the earlier verdict counts until the new one is there. */
function Regrade({ submission }: { submission: Submission }) {
  const client = useQueryClient()
  const regrade = useMutation({
    mutationFn: () => call('regrade', { params: { submission: submission.id } }),
    onSuccess: async () => {
      client.removeQueries({ queryKey: ['submission-stages', submission.id] })
      await client.invalidateQueries({ queryKey: submissionKey(submission.id), exact: true })
      void client.invalidateQueries({ queryKey: keys.cohort(submission.cohort) })
      notifications.show({ message: 'Graded anew; the earlier verdict counts until the new one is there' })
    },
    onError: (error) => {
      const problem = asProblem(error)
      notifications.show({
        color: 'red',
        title: problem?.title ?? 'Not regraded',
        message: problem?.detail ?? 'Try again in a moment.',
      })
    },
  })
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => regrade.mutate()}
      loading={regrade.isPending}
      disabled={!isFinal(submission.status)}
    >
      Regrade
    </Button>
  )
}

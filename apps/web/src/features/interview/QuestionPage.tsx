import type { Cohort, Question } from '@cooperage/contracts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { createLazyRoute, getRouteApi } from '@tanstack/react-router'
import { isStaff, useCohort, useMe } from '../../app/hooks.js'
import { itemPath } from '../../app/paths.js'
import { Card, LinkAnchor, Loaded, PageHeading, Prose } from '../../ui/index.js'
import { AnswerForm } from './AnswerForm.js'
import { AttemptList } from './AttemptList.js'
import { CohortAttempts } from './CohortAttempts.js'
import classes from './interview.module.css'
import { OpenedAttempt } from './OpenedAttempt.js'
import { questionAttemptsQuery, questionQuery } from './queries.js'
import { SolutionView } from './SolutionView.js'
import { levelWords } from './wording.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/questions/$question')({
  component: QuestionPage,
})
const route = getRouteApi('/signed-in/cohorts/$cohort/questions/$question')

function QuestionPage() {
  const cohort = useCohort()
  const params = route.useParams()
  const query = useQuery(questionQuery(cohort.course, params.question))
  return (
    <Loaded query={query} page>
      {(question) => <Shown key={question.id} question={question} cohort={cohort} />}
    </Loaded>
  )
}

function Shown({ question, cohort }: { question: Question; cohort: Cohort }) {
  const me = useMe()
  const { attempt, learner } = route.useSearch()
  const navigate = route.useNavigate()
  const own = useInfiniteQuery(questionAttemptsQuery(cohort.id, question.id, me.id))
  const open = (id: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, attempt: id }), resetScroll: id !== undefined })
  // Before an attempt is open, reading the cohort's is what staff come for.
  const cohortAttempts = (
    <CohortAttempts
      cohort={cohort.id}
      question={question.id}
      learner={learner}
      opened={attempt}
      onOpen={open}
      onLearner={(id) => void navigate({ search: { learner: id }, replace: true, resetScroll: false })}
    />
  )
  return (
    <>
      <PageHeading
        title={question.title}
        above={
          <>
            <LinkAnchor to="/cohorts/$cohort/questions" params={{ cohort: cohort.id }} underline="always">
              Interview questions
            </LinkAnchor>
            {` · ${question.module.title} · ${levelWords[question.level]} · ${question.topics.join(', ')}`}
          </>
        }
      />
      <div className={classes.page}>
        <Prose html={question.promptHtml} />
        {isStaff(cohort) && !attempt && cohortAttempts}
        {attempt ? (
          <OpenedAttempt
            id={attempt}
            question={question}
            cohort={cohort}
            learner={isStaff(cohort) ? learner : me.id}
            onClose={() => open(undefined)}
          />
        ) : (
          <AnswerForm
            question={question.id}
            cohort={cohort}
            user={me.id}
            again={(own.data?.pages[0]?.items.length ?? 0) > 0}
            onSubmitted={open}
          />
        )}
        {isStaff(cohort) && !attempt && question.solution && (
          <SolutionView solution={question.solution} withRubric />
        )}
        <Card title="Your attempts">
          <AttemptList
            query={own}
            label="Your attempts"
            opened={attempt}
            onOpen={open}
            none={`You have not answered this question yet.${question.solution ? '' : ' The rubric shows after your first attempt.'}`}
          />
        </Card>
        {isStaff(cohort) && attempt && cohortAttempts}
        {question.teaches.length > 0 && (
          <p className={classes.dim}>
            Read up:{' '}
            {question.teaches.map((item, index) => (
              <span key={`${item.kind}:${item.id}`}>
                {index > 0 && ', '}
                <LinkAnchor to={itemPath(cohort.id, item.kind, item.id)} underline="always">
                  {item.title}
                </LinkAnchor>
              </span>
            ))}
          </p>
        )}
      </div>
    </>
  )
}

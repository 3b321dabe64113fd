import type { QuestionSummary } from '@cooperage/contracts'
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, getRouteApi } from '@tanstack/react-router'
import { isStaff, useCohort } from '../../app/hooks.js'
import { Card, EmptyState, LinkAnchor, Loaded, PageHeading, StatusBadge } from '../../ui/index.js'
import classes from './interview.module.css'
import { questionsQuery } from './queries.js'
import { levels, levelWords, percent } from './wording.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/questions')({ component: QuestionsPage })
const route = getRouteApi('/signed-in/cohorts/$cohort/questions')

function QuestionsPage() {
  const cohort = useCohort()
  const staff = isStaff(cohort)
  const { level } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(questionsQuery(cohort.course))
  return (
    <>
      <PageHeading
        title="Interview questions"
        lead={
          staff
            ? 'Open a question to read and review what your cohort answered.'
            : 'Answer in your own words, then mark yourself by the rubric and compare.'
        }
      />
      <Loaded query={query}>
        {(questions) => (
          <>
            <SegmentedControl
              aria-label="Level"
              data={[
                { value: 'all', label: 'All' },
                ...levels.map((value) => ({ value, label: levelWords[value] })),
              ]}
              value={level ?? 'all'}
              onChange={(value) =>
                void navigate({
                  search: { level: levels.find((known) => known === value) },
                  replace: true,
                  resetScroll: false,
                })
              }
              mb="lg"
            />
            <Modules
              cohort={cohort.id}
              staff={staff}
              questions={questions.filter((question) => !level || question.level === level)}
            />
          </>
        )}
      </Loaded>
    </>
  )
}

function Modules({
  cohort,
  staff,
  questions,
}: {
  cohort: string
  staff: boolean
  questions: QuestionSummary[]
}) {
  if (questions.length === 0)
    return (
      <EmptyState title="No questions here">
        This course has none of this level; look at another level.
      </EmptyState>
    )
  // The API answers in the course's order, which a Map keeps.
  const modules = new Map<string, QuestionSummary[]>()
  for (const question of questions) {
    const items = modules.get(question.module.id) ?? []
    modules.set(question.module.id, [...items, question])
  }
  return (
    <div className={classes.modules}>
      {[...modules].map(([id, items]) => (
        <Card key={id} title={items[0]?.module.title ?? id}>
          <ul className={classes.list}>
            {items
              .toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
              .map((question) => (
                <QuestionRow key={question.id} cohort={cohort} staff={staff} question={question} />
              ))}
          </ul>
        </Card>
      ))}
    </div>
  )
}

/** How far the reader is themselves; of staff nobody expects answers. */
function QuestionRow({
  cohort,
  staff,
  question,
}: {
  cohort: string
  staff: boolean
  question: QuestionSummary
}) {
  const { attempts, bestPercent } = question
  return (
    <li className={classes.row}>
      <span className={classes.rowTitle}>
        <LinkAnchor to="/cohorts/$cohort/questions/$question" params={{ cohort, question: question.id }}>
          {question.title}
        </LinkAnchor>
        <span className={classes.dim}>
          {levelWords[question.level]} · {question.topics.join(', ')}
        </span>
      </span>
      <span className={classes.rowState}>
        {attempts > 0 && (
          <span className={classes.dim}>
            {attempts} {attempts === 1 ? 'attempt' : 'attempts'}
          </span>
        )}
        {attempts === 0 ? (
          !staff && <StatusBadge tone="quiet">Not tried</StatusBadge>
        ) : bestPercent === null ? (
          <StatusBadge tone="busy">Not marked</StatusBadge>
        ) : (
          <StatusBadge tone={bestPercent >= 75 ? 'good' : 'warn'}>Best {percent(bestPercent)}</StatusBadge>
        )}
      </span>
    </li>
  )
}

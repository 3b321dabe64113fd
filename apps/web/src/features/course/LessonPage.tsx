import { List, Text, Title } from '@mantine/core'
import type { Lesson } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { useCohort } from '../../app/hooks.js'
import { Loaded, PageHeading, Prose } from '../../ui/index.js'
import classes from './LessonPage.module.css'
import { LessonFooter } from './LessonFooter.js'
import { Outline } from './Outline.js'
import { lessonQuery } from './queries.js'
import { SelfChecks } from './selfcheck/SelfChecks.js'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort/lessons/$lesson')({
  component: LessonPage,
})

function LessonPage() {
  const cohort = useCohort()
  const { lesson } = Route.useParams()
  const query = useQuery(lessonQuery(cohort.course, lesson))
  return (
    // Keyed by the lesson: answers to one lesson's questions must not show up in the next.
    <Loaded query={query} page>
      {(data) => <Reader key={data.id} lesson={data} cohort={cohort.id} cohortName={cohort.name} />}
    </Loaded>
  )
}

function Reader({ lesson, cohort, cohortName }: { lesson: Lesson; cohort: string; cohortName: string }) {
  return (
    <div className={classes.page}>
      <article className={classes.article}>
        <PageHeading
          title={lesson.title}
          documentTitle={`${lesson.title} · ${cohortName}`}
          above={`${lesson.module.title} · ${lesson.minutes} min`}
        />
        {lesson.objectives.length > 0 && (
          <section className={classes.objectives} aria-labelledby="objectives">
            <Title order={2} size="h5" id="objectives" mb={6}>
              After this lesson you can
            </Title>
            <List spacing={4} size="sm">
              {lesson.objectives.map((objective) => (
                <List.Item key={objective}>{objective}</List.Item>
              ))}
            </List>
          </section>
        )}
        <Prose html={lesson.html} />
        <SelfChecks questions={lesson.check} />
        {lesson.sources.length > 0 && <Sources sources={lesson.sources} />}
        <LessonFooter cohort={cohort} lesson={lesson} />
      </article>
      <Outline headings={lesson.headings} />
    </div>
  )
}

function Sources({ sources }: { sources: readonly string[] }) {
  return (
    <section className={classes.sources} aria-labelledby="sources">
      <Title order={2} size="h5" id="sources" mb={6}>
        Sources
      </Title>
      <List spacing={4} size="sm">
        {sources.map((source) => (
          <List.Item key={source}>
            <Text
              component="a"
              href={source}
              target="_blank"
              rel="noreferrer"
              size="sm"
              style={{ overflowWrap: 'anywhere' }}
            >
              {source.replace(/^https?:\/\//, '')}
            </Text>
          </List.Item>
        ))}
      </List>
    </section>
  )
}

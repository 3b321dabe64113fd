import { Progress, Text, Title } from '@mantine/core'
import type { Course, CourseItem, ItemProgress, MyProgress } from '@cooperage/contracts'
import { percentDone } from '@cooperage/domain'
import { Link } from '@tanstack/react-router'
import { itemPath } from '../../app/paths.js'
import { ItemMark, KindLabel, RelativeTime, StatusBadge, useNow } from '../../ui/index.js'
import classes from './ModuleCard.module.css'

export function ModuleCard({
  cohort,
  number,
  module,
  progress,
}: {
  cohort: string
  number: number
  module: Course['modules'][number]
  progress: MyProgress | undefined
}) {
  const now = useNow()
  const items = module.items.map((item) => ({
    item,
    state: progress?.items.find((one) => one.kind === item.kind && one.id === item.id),
    due: item.kind === 'lab' ? progress?.due.find((one) => one.lab === item.id && !one.done) : undefined,
  }))
  const done = items.filter(({ state }) => state?.status === 'done').length
  return (
    <section className={classes.module} aria-labelledby={`module-${module.id}`}>
      <div className={classes.head}>
        <div className={classes.title}>
          <Title order={2} size="h4" id={`module-${module.id}`}>
            <span className={classes.number}>{number}</span> {module.title}
          </Title>
          <Text size="sm" c="dimmed">
            {module.summary}
          </Text>
        </div>
        {progress && (
          <div className={classes.share}>
            <Text size="sm" c="dimmed">
              {done} of {items.length}
            </Text>
            <Progress
              size="sm"
              value={percentDone(items.map(({ state }) => ({ status: state?.status ?? 'untouched' })))}
              aria-label={`${module.title}: ${done} of ${items.length} done`}
            />
          </div>
        )}
      </div>
      <ol className={classes.items}>
        {items.map(({ item, state, due }) => (
          <li key={`${item.kind} ${item.id}`}>
            <Link to={itemPath(cohort, item.kind, item.id)} className={classes.item}>
              <ItemMark status={state?.status ?? 'untouched'} />
              <span className={classes.name}>
                {item.title}
                <small className={classes.kind}>
                  <KindLabel kind={item.kind} />
                  {item.minutes !== null && ` · ${item.minutes} min`}
                </small>
              </span>
              <span className={classes.facts}>
                {due && (
                  <StatusBadge tone={Date.parse(due.dueAt) < now ? 'bad' : 'warn'}>
                    <span>
                      due <RelativeTime at={due.dueAt} />
                    </span>
                  </StatusBadge>
                )}
                <Score item={item} state={state} />
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Score({ item, state }: { item: CourseItem; state: ItemProgress | undefined }) {
  if (item.kind === 'lesson' || !state || state.score === null) return null
  const words = item.kind === 'question' ? `${state.score} %` : `${state.score} of ${state.maxScore ?? '?'}`
  return <span className={classes.score}>{words}</span>
}

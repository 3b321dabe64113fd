import { Text } from '@mantine/core'
import type { MyProgress } from '@cooperage/contracts'
import { itemPath } from '../../app/paths.js'
import { Card, LinkAnchor, RelativeTime, StatusBadge, type Tone } from '../../ui/index.js'
import classes from './dashboard.module.css'

type Result = MyProgress['recent'][number]

export const isUnderWay = (result: Result): boolean =>
  result.status === 'queued' || result.status === 'running'

function verdict(result: Result): { tone: Tone; words: string } {
  if (result.status === 'graded' && result.score !== null) {
    const words = `${result.score} of ${result.maxScore}`
    if (result.score >= result.maxScore) return { tone: 'good', words }
    return { tone: result.score > 0 ? 'warn' : 'bad', words }
  }
  if (result.status === 'error') return { tone: 'warn', words: 'Not graded' }
  if (result.status === 'cancelled') return { tone: 'quiet', words: 'Cancelled' }
  return { tone: 'busy', words: 'Being graded' }
}

export function RecentResults({ cohort, recent }: { cohort: string; recent: readonly Result[] }) {
  return (
    <Card title="Recent results">
      {recent.length === 0 ? (
        <Text c="dimmed">Results of your labs appear here.</Text>
      ) : (
        <ul className={classes.list}>
          {recent.map((result) => {
            const { tone, words } = verdict(result)
            return (
              <li key={result.submission}>
                <span className={classes.what}>
                  <LinkAnchor to={itemPath(cohort, 'lab', result.lab)}>{result.title}</LinkAnchor>
                  <Text span size="sm" c="dimmed">
                    <RelativeTime at={result.at} />
                  </Text>
                </span>
                <StatusBadge tone={tone}>{words}</StatusBadge>
              </li>
            )
          })}
        </ul>
      )}
    </Card>
  )
}

import { Group } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useMe } from '../hooks.js'
import { CohortSwitch } from './CohortSwitch.js'
import classes from './shell.module.css'
import { UserMenu } from './UserMenu.js'

export function Header() {
  const me = useMe()
  const { cohort } = useParams({ strict: false })
  return (
    <header className={classes.header}>
      <div className={classes.bar}>
        <Link to="/" className={classes.brand} aria-label="Cooperage, dashboard">
          <img src="/favicon.svg" alt="" width={26} height={26} />
          <span className={classes.brandName}>Cooperage</span>
        </Link>
        <CohortSwitch me={me} current={cohort} />
        <Group ml="auto" gap="xs" wrap="nowrap">
          <UserMenu me={me} />
        </Group>
      </div>
    </header>
  )
}

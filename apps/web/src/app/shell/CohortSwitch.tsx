import { Menu, UnstyledButton } from '@mantine/core'
import type { Me } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import { cohortQuery } from '../../api/index.js'
import classes from './shell.module.css'

/** Which cohort the pages are about, and the way to another. */
export function CohortSwitch({ me, current }: { me: Me; current: string | undefined }) {
  const navigate = useNavigate()
  // An admin may look at a cohort that they are not in.
  const shown = useQuery({ ...cohortQuery(current ?? ''), enabled: current !== undefined }).data
  const label = shown?.name ?? 'Cohorts'
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton className={classes.switch} aria-label={`Cohort: ${label}`}>
          <span className={classes.switchName}>{label}</span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {me.cohorts.length > 0 && <Menu.Label>Your cohorts</Menu.Label>}
        {me.cohorts.map((cohort) => (
          <Menu.Item
            key={cohort.id}
            rightSection={cohort.id === current ? <IconCheck size={16} aria-label="current" /> : null}
            onClick={() => void navigate({ to: '/cohorts/$cohort', params: { cohort: cohort.id } })}
          >
            <span className={classes.twoLines}>
              {cohort.name}
              <small>{cohort.courseTitle}</small>
            </span>
          </Menu.Item>
        ))}
        {me.cohorts.length > 0 && <Menu.Divider />}
        <Menu.Item onClick={() => void navigate({ to: '/cohorts' })}>All cohorts</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

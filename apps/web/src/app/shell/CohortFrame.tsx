import { createLazyRoute, Link, Outlet } from '@tanstack/react-router'
import { isStaff, useCohort } from '../hooks.js'
import { cohortPath } from '../paths.js'
import classes from './shell.module.css'

export const Route = createLazyRoute('/signed-in/cohorts/$cohort')({ component: CohortFrame })

/** The parts of a cohort, below the header; pages of its parts follow. Exact: only on that very page, not below it. */
const parts = [
  { path: '', label: 'Course', staffOnly: false, exact: true },
  { path: '/questions', label: 'Questions', staffOnly: false, exact: false },
  { path: '/progress', label: 'Progress', staffOnly: true, exact: false },
  { path: '/people', label: 'People', staffOnly: true, exact: false },
  { path: '/schedule', label: 'Schedule', staffOnly: true, exact: false },
]

function CohortFrame() {
  const cohort = useCohort()
  const shown = parts.filter((part) => !part.staffOnly || isStaff(cohort))
  return (
    <>
      <nav aria-label={cohort.name} className={classes.tabs}>
        {shown.map(({ path, label, exact }) => (
          <Link
            key={label}
            to={cohortPath(cohort.id, path)}
            className={classes.tab}
            activeOptions={{ exact, includeSearch: false }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  )
}

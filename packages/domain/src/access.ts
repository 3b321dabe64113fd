import type { CohortRole, Permission, Role } from '@cooperage/contracts'

/** What is known of the caller with respect to the thing that a route names. */
export interface Standing {
  /** Null: not signed in. */
  role: Role | null
  /** In the cohort that the route's thing belongs to; null: not in it, or there is no such cohort. */
  cohortRole: CohortRole | null
  /** The submission or attempt is the caller's own. */
  owner: boolean
  /** In any cohort of the course that the route names. */
  inCourse: boolean
}
/** `hide`: answer as if the thing did not exist. */
export type Decision = 'allow' | 'sign-in' | 'forbid' | 'hide'

const staffRoles: ReadonlySet<CohortRole | null> = new Set(['instructor', 'assistant'])

/** May the caller use a route? `worker` routes are decided by the lab host's token alone, and by nobody's session. */
export function decide(permission: Permission, standing: Standing): Decision {
  if (permission === 'anyone') return 'allow'
  if (standing.role === null) return 'sign-in'
  const admin = standing.role === 'admin'
  const staff = admin || staffRoles.has(standing.cohortRole)
  const member = admin || standing.cohortRole !== null
  switch (permission) {
    case 'signed-in':
      return 'allow'
    case 'admin':
      return admin ? 'allow' : 'forbid'
    case 'instructor':
      return admin || standing.role === 'instructor' ? 'allow' : 'forbid'
    case 'course-reader':
      return admin || standing.role === 'instructor' || standing.inCourse ? 'allow' : 'hide'
    case 'cohort-member':
      return member ? 'allow' : 'hide'
    case 'cohort-submitter':
      return standing.cohortRole !== null ? 'allow' : admin ? 'forbid' : 'hide'
    case 'cohort-staff':
      return staff ? 'allow' : member ? 'forbid' : 'hide'
    case 'cohort-instructor':
      return admin || standing.cohortRole === 'instructor' ? 'allow' : member ? 'forbid' : 'hide'
    case 'submission-reader':
    case 'attempt-reader':
      return standing.owner || staff ? 'allow' : 'hide'
    case 'submission-staff':
    case 'attempt-staff':
      return staff ? 'allow' : standing.owner ? 'forbid' : 'hide'
    case 'attempt-owner':
      return standing.owner ? 'allow' : staff ? 'forbid' : 'hide'
    case 'worker':
      return 'hide'
  }
}

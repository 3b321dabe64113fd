import type { CohortRole, Role } from '@cooperage/contracts'

/** Who calls: resolved once for each request, from the session cookie or a Bearer token. */
export interface Caller {
  id: string
  email: string
  name: string
  role: Role
  /** Null when the caller came with an API token. */
  sessionId: string | null
}

/** The cohort that a route's thing belongs to, as the guard found it. */
export interface CohortStanding {
  id: string
  course: string
  /** What the caller is in it; null for an admin who is not in it. */
  role: CohortRole | null
}

/** What the guard learned about the caller and the thing that the route names. */
export interface Access {
  /** For routes with `:cohort`, `:submission` or `:attempt`; null for others. */
  cohort: CohortStanding | null
  /** The submission or attempt is the caller's own. */
  owner: boolean
  /** Staff of that cohort, or an admin; for `:course` routes staff of any cohort of the course, an instructor, or an admin. */
  staff: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
    access: Access | null
    /** Nest sets a route's success status after its handler has run; a handler that answers with another says so here. */
    answerStatus: number | null
  }
}

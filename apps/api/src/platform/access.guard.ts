import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { Id, Slug, type CohortRole } from '@cooperage/contracts'
import { decide, type Standing } from '@cooperage/domain'
import type { FastifyRequest } from 'fastify'
import { Database } from '../data/index.js'
import { bearerOf } from './authentication.js'
import type { Access, Caller, CohortStanding } from './caller.js'
import { CONFIGURATION, type Configuration } from './config.js'
import { ENDPOINT, type EndpointMetadata } from './endpoint.js'
import { Problem } from './problem.js'
import { equalsSecret } from './secrets.js'

const idParams = ['cohort', 'submission', 'attempt']
const slugParams = ['course', 'lesson', 'lab', 'question', 'host', 'row']
const nowhere: Access = { cohort: null, owner: false, staff: false }

interface Found {
  access: Access
  inCourse: boolean
}

/** The one place that decides whether a request may go on: by the permission that its route declares. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly database: Database,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const { route } = this.reflector.get<EndpointMetadata>(ENDPOINT, context.getHandler())
    if (route.who === 'anyone') return true
    if (route.who === 'worker') return this.letWorkerIn(request)
    const { caller } = request
    if (!caller) throw new Problem('unauthenticated')
    const params = request.params as Record<string, string>
    refuseMalformed(params)
    const { access, inCourse } = await this.find(caller, params)
    const standing: Standing = {
      role: caller.role,
      cohortRole: access.cohort?.role ?? null,
      owner: access.owner,
      inCourse,
    }
    switch (decide(route.who, standing)) {
      case 'allow':
        request.access = access
        return true
      case 'sign-in':
        throw new Problem('unauthenticated')
      case 'forbid':
        throw new Problem('forbidden')
      case 'hide':
        throw new Problem('not_found')
    }
  }

  private letWorkerIn(request: FastifyRequest): boolean {
    if (equalsSecret(bearerOf(request) ?? '', this.configuration.WORKER_TOKEN)) return true
    throw new Problem('unauthenticated')
  }

  private find(caller: Caller, params: Record<string, string>): Promise<Found> {
    if (params.cohort !== undefined) return this.inCohort(caller, params.cohort)
    if (params.submission !== undefined) return this.ofThing(caller, 'submission', params.submission)
    if (params.attempt !== undefined) return this.ofThing(caller, 'question_attempt', params.attempt)
    if (params.course !== undefined) return this.inCourse(caller, params.course)
    return Promise.resolve({ access: nowhere, inCourse: false })
  }

  private async inCohort(caller: Caller, cohort: string): Promise<Found> {
    const row = await this.database.one<CohortStanding>(
      `SELECT c.id, c.course_id AS course, e.role
         FROM cohort c LEFT JOIN enrolment e ON e.cohort_id = c.id AND e.user_id = $2
        WHERE c.id = $1`,
      [cohort, caller.id],
    )
    if (!row) throw new Problem('not_found')
    return { access: { cohort: row, owner: false, staff: isStaff(caller, row.role) }, inCourse: false }
  }

  private async ofThing(
    caller: Caller,
    table: 'submission' | 'question_attempt',
    id: string,
  ): Promise<Found> {
    const row = await this.database.one<CohortStanding & { learnerId: string }>(
      `SELECT c.id, c.course_id AS course, e.role, t.learner_id AS "learnerId"
         FROM ${table} t
         JOIN cohort c ON c.id = t.cohort_id
         LEFT JOIN enrolment e ON e.cohort_id = c.id AND e.user_id = $2
        WHERE t.id = $1`,
      [id, caller.id],
    )
    if (!row) throw new Problem('not_found')
    const { learnerId, ...cohort } = row
    const owner = learnerId === caller.id
    return { access: { cohort, owner, staff: isStaff(caller, row.role) }, inCourse: false }
  }

  private async inCourse(caller: Caller, course: string): Promise<Found> {
    const row = await this.database.one<{ inCourse: boolean | null; staff: boolean | null }>(
      `SELECT count(*) > 0 AS "inCourse", bool_or(e.role <> 'learner') AS staff
         FROM enrolment e JOIN cohort c ON c.id = e.cohort_id
        WHERE e.user_id = $1 AND c.course_id = $2`,
      [caller.id, course],
    )
    const staff = caller.role === 'admin' || caller.role === 'instructor' || row?.staff === true
    return { access: { cohort: null, owner: false, staff }, inCourse: row?.inCourse === true }
  }
}

const isStaff = (caller: Caller, role: CohortRole | null): boolean =>
  caller.role === 'admin' || role === 'instructor' || role === 'assistant'

/** An id or a slug that cannot be one names nothing: 404, like any other that does not exist. */
function refuseMalformed(params: Record<string, string>): void {
  const bad =
    idParams.some((name) => params[name] !== undefined && !Id.safeParse(params[name]).success) ||
    slugParams.some((name) => params[name] !== undefined && !Slug.safeParse(params[name]).success)
  if (bad) throw new Problem('not_found')
}

import { Controller } from '@nestjs/common'
import { routes } from '@cooperage/contracts'
import { Endpoint, type Input } from '../platform/index.js'
import { Cohorts } from './cohorts.js'
import { Members } from './members.js'
import { Schedules } from './schedules.js'

@Controller()
export class CohortsController {
  constructor(
    private readonly cohorts: Cohorts,
    private readonly members: Members,
    private readonly schedules: Schedules,
  ) {}

  @Endpoint(routes.listCohorts)
  list({ caller, query }: Input<typeof routes.listCohorts>) {
    return this.cohorts.list(caller, query)
  }

  @Endpoint(routes.createCohort, { location: (made) => `/cohorts/${made.id}` })
  create({ caller, body }: Input<typeof routes.createCohort>) {
    return this.cohorts.create(caller, body)
  }

  @Endpoint(routes.joinCohort)
  join({ caller, body }: Input<typeof routes.joinCohort>) {
    return this.cohorts.join(caller, body.code)
  }

  @Endpoint(routes.getCohort)
  get({ caller, cohort }: Input<typeof routes.getCohort>) {
    return this.cohorts.get(caller, cohort.id)
  }

  @Endpoint(routes.listMembers)
  listMembers({ cohort, query }: Input<typeof routes.listMembers>) {
    return this.members.list(cohort.id, query)
  }

  @Endpoint(routes.addStaff, { location: (_, { params }) => `/cohorts/${params.cohort}/members` })
  addStaff({ caller, cohort, body }: Input<typeof routes.addStaff>) {
    return this.members.addStaff(caller, cohort.id, body)
  }

  @Endpoint(routes.setSchedule)
  setSchedule({ caller, cohort, params, body }: Input<typeof routes.setSchedule>) {
    return this.schedules.set(caller, cohort, params.lab, body)
  }

  @Endpoint(routes.getSchedule)
  getSchedule({ caller, cohort, access, params }: Input<typeof routes.getSchedule>) {
    return this.schedules.get(caller, cohort, access, params.lab)
  }
}

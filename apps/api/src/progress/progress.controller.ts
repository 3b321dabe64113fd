import { Controller } from '@nestjs/common'
import { routes } from '@cooperage/contracts'
import { Endpoint, type Input } from '../platform/index.js'
import { CohortMatrix } from './cohort-matrix.js'
import { OwnProgress } from './own-progress.js'

@Controller()
export class ProgressController {
  constructor(
    private readonly own: OwnProgress,
    private readonly matrix: CohortMatrix,
  ) {}

  @Endpoint(routes.myProgress)
  mine({ caller, query }: Input<typeof routes.myProgress>) {
    return this.own.get(caller, query.cohort)
  }

  @Endpoint(routes.setLessonProgress)
  markLesson({ caller, cohort, params, body }: Input<typeof routes.setLessonProgress>) {
    return this.own.markLesson(caller, cohort, params.lesson, body.completed)
  }

  @Endpoint(routes.cohortProgress)
  ofCohort({ cohort, query }: Input<typeof routes.cohortProgress>) {
    return this.matrix.get(cohort, query)
  }
}

import { Module } from '@nestjs/common'
import { CoursesModule } from '../courses/index.js'
import { CohortMatrix } from './cohort-matrix.js'
import { OwnProgress } from './own-progress.js'
import { ProgressController } from './progress.controller.js'
import { ProgressRows } from './progress-rows.js'

@Module({
  imports: [CoursesModule],
  controllers: [ProgressController],
  providers: [OwnProgress, CohortMatrix, ProgressRows],
})
export class ProgressModule {}

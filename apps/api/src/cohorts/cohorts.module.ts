import { Module } from '@nestjs/common'
import { CoursesModule } from '../courses/index.js'
import { Cohorts } from './cohorts.js'
import { CohortsController } from './cohorts.controller.js'
import { Members } from './members.js'
import { Schedules } from './schedules.js'

@Module({
  imports: [CoursesModule],
  controllers: [CohortsController],
  providers: [Cohorts, Members, Schedules],
})
export class CohortsModule {}

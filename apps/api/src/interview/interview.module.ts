import { Module } from '@nestjs/common'
import { CoursesModule } from '../courses/index.js'
import { Attempts } from './attempts.js'
import { InterviewController } from './interview.controller.js'
import { Questions } from './questions.js'

@Module({
  imports: [CoursesModule],
  controllers: [InterviewController],
  providers: [Attempts, Questions],
})
export class InterviewModule {}

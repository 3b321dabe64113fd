import { Module } from '@nestjs/common'
import { Assets } from './assets.js'
import { CourseReader } from './course-reader.js'
import { CourseStore } from './course-store.js'
import { CoursesController } from './courses.controller.js'

@Module({
  controllers: [CoursesController],
  providers: [CourseStore, CourseReader, Assets],
  exports: [CourseStore],
})
export class CoursesModule {}

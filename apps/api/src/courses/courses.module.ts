import { Module } from '@nestjs/common'
import { Assets } from './assets.js'
import { CourseReader } from './course-reader.js'
import { CourseStore } from './course-store.js'
import { CoursesController } from './courses.controller.js'
import { OpenLabs } from './open-labs.js'

@Module({
  controllers: [CoursesController],
  providers: [CourseStore, CourseReader, Assets, OpenLabs],
  exports: [CourseStore],
})
export class CoursesModule {}

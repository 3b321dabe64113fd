/** Courses as they are stored and read. Imports `data` and `platform`. Others get a course, a lab or a question from CourseStore. */
export * from './course-content.js'
export * from './course-store.js'
export * from './courses.module.js'
export * from './import-course.js'
export * from './wire-file.js'

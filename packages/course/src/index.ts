/** Reads a course folder into a typed Course and says each fault with file and line. Imports domain and contracts. */
export { recipeHash } from './lab-images.js'
export { loadCourse } from './load-course.js'
export type * from './model.js'

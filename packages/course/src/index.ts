/** Reads a course folder into a typed Course and says each fault with file and line. Imports domain and contracts. */
export type * from './model.js'

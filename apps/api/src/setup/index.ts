/** What is done once before the server starts. Imports `data`, `courses`, `cohorts`, `identity`, and packages/course to read folders. */
export * from './setup.js'

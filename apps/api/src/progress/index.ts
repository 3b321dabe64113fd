/** How far learners are: for themselves, and for their staff. Imports `courses`; writes only lesson_progress. */
export * from './progress.module.js'

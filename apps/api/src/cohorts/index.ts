/** Cohorts, who is in them, and the dates of their labs. Imports `courses`, and `submissions` to count scores anew when dates change. */
export * from './cohorts.module.js'
export * from './join-code.js'

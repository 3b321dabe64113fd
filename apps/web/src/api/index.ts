/** The API as the page sees it. Imports contracts only. */
export * from './client.js'
export * from './learners-query.js'
export * from './problem.js'
export * from './queries.js'
export * from './query-client.js'
export * from './submission-queries.js'

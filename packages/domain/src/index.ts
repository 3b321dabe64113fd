/** Pure rules without I/O. Imports contracts only; may be imported by any room, the page included. */
export * from './access.js'
export * from './globs.js'
export * from './grading-state.js'
export * from './lab-image.js'
export * from './late-policy.js'
export * from './progress.js'
export * from './scoring.js'
export * from './submission-files.js'

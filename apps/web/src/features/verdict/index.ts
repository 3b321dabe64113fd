/** A submission as it is graded and as it was: used by the lab's page and by the list of submissions. Has no routes. */
export * from './duration.js'
export { AttemptBadge } from './AttemptBadge.js'
export { SubmittedFiles } from './SubmittedFiles.js'
export { useLiveSubmission, type LiveSubmission } from './use-live-submission.js'
export { VerdictPanel } from './VerdictPanel.js'

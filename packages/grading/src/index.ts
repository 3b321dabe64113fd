/** Runs a lab's checks in a pod and makes a report. Knows the sandbox's port, not Docker. Imports contracts, domain, sandbox. */
export { graderLimits } from './bounds.js'
export { gradeSubmission, type GradingOutcome, type GradingRequest } from './grade-submission.js'
export type { PodRequest, TakePod } from './pod-slot.js'

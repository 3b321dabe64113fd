/**
 * Submissions and their gradings: taking them, the fair queue, results, live events. Imports data, platform and courses; contracts and
 * domain. `recountProgress` is for whoever changes a schedule or an extension of a lab.
 */
export { holdProgress, recountProgress, type LearnerLab } from './lab-progress.js'
export { SubmissionsModule } from './submissions.module.js'

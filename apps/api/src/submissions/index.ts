/**
 * Submissions and their gradings: taking them, the fair queue, results, live events. Imports data, platform and courses; contracts and
 * domain. `recountProgress` is for whoever changes a schedule or an extension of a lab, and holds the row of `lab_progress`.
 */
export { recountProgress } from './lab-progress.js'
export { SubmissionsModule } from './submissions.module.js'

/** Interview questions, attempts at them, and their marks. Imports data, platform and courses; contracts and domain. */
export { InterviewModule } from './interview.module.js'

import { Controller } from '@nestjs/common'
import { routes, submissionLimits } from '@cooperage/contracts'
import { Endpoint, type Input } from '../platform/index.js'
import { LiveSubmissions } from './live-submissions.js'
import { Submissions } from './submissions.js'
import { Submitting } from './submitting.js'

@Controller()
export class SubmissionsController {
  constructor(
    private readonly submitting: Submitting,
    private readonly submissions: Submissions,
    private readonly live: LiveSubmissions,
  ) {}

  @Endpoint(routes.submit, {
    bodyLimit: submissionLimits.maxBodyBytes,
    nulAllowed: true,
    location: (made) => `/submissions/${made.id}`,
  })
  submit({ caller, cohort, params, body }: Input<typeof routes.submit>) {
    return this.submitting.submit(caller, cohort, params.lab, body.files)
  }

  @Endpoint(routes.listSubmissions)
  listSubmissions({ caller, cohort, access, params, query }: Input<typeof routes.listSubmissions>) {
    return this.submissions.list(caller, cohort, access.staff, params.lab, query)
  }

  @Endpoint(routes.getSubmission)
  getSubmission({ access, params }: Input<typeof routes.getSubmission>) {
    return this.submissions.get(params.submission, access.staff ? 'staff' : 'learner')
  }

  @Endpoint(routes.getSubmissionFiles)
  getSubmissionFiles({ params }: Input<typeof routes.getSubmissionFiles>) {
    return this.submissions.files(params.submission)
  }

  @Endpoint(routes.submissionEvents)
  submissionEvents({ caller, access, params }: Input<typeof routes.submissionEvents>) {
    return this.live.open(params.submission, caller.id, access.staff ? 'staff' : 'learner')
  }

  @Endpoint(routes.regrade, { location: (made) => `/submissions/${made.id}` })
  regrade({ params }: Input<typeof routes.regrade>) {
    return this.submitting.regrade(params.submission)
  }
}

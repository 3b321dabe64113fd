import { Controller } from '@nestjs/common'
import { routes } from '@cooperage/contracts'
import { isId } from '../data/index.js'
import { decodeCursor, Endpoint, Problem, toPage, type Input } from '../platform/index.js'
import { attemptView, solutionView } from './attempt-view.js'
import { Attempts } from './attempts.js'
import { Questions } from './questions.js'

@Controller()
export class InterviewController {
  constructor(
    private readonly questions: Questions,
    private readonly attempts: Attempts,
  ) {}

  @Endpoint(routes.listQuestions)
  listQuestions({ caller, params, query }: Input<typeof routes.listQuestions>) {
    return this.questions.list(params.course, caller.id, query)
  }

  @Endpoint(routes.getQuestion)
  getQuestion({ caller, access, params }: Input<typeof routes.getQuestion>) {
    return this.questions.get(params.course, params.question, caller.id, access.staff)
  }

  @Endpoint(routes.createAttempt, { location: (made) => `/attempts/${made.id}` })
  async createAttempt({ caller, cohort, params, body }: Input<typeof routes.createAttempt>) {
    const question = await this.questions.content(cohort.course, params.question)
    const id = await this.attempts.create({
      cohort: cohort.id,
      question: params.question,
      learner: caller.id,
      answer: body.answer,
      rubric: question.rubric,
    })
    return { id, ...solutionView(question) }
  }

  @Endpoint(routes.listAttempts)
  async listAttempts({ caller, cohort, access, params, query }: Input<typeof routes.listAttempts>) {
    if (!access.staff && query.learner !== undefined && query.learner !== caller.id)
      throw new Problem('forbidden', { detail: 'Learners see their own attempts.' })
    const rows = await this.attempts.list({
      cohort: cohort.id,
      question: params.question,
      learner: access.staff ? (query.learner ?? null) : caller.id,
      before: decodeCursor(query.cursor, isId),
      limit: query.limit + 1,
    })
    // A question that the course no longer has keeps its attempts; one that it never had is not there.
    if (rows.length === 0) await this.questions.content(cohort.course, params.question)
    return toPage(rows, query.limit, (row) => row.id, attemptView)
  }

  @Endpoint(routes.getAttempt)
  getAttempt({ params }: Input<typeof routes.getAttempt>) {
    return this.attempts.get(params.attempt)
  }

  @Endpoint(routes.selfMark)
  async selfMark({ params, body }: Input<typeof routes.selfMark>) {
    return { score: await this.attempts.selfMark(params.attempt, body.selfMarks) }
  }

  @Endpoint(routes.reviewAttempt)
  reviewAttempt({ caller, params, body }: Input<typeof routes.reviewAttempt>) {
    return this.attempts.review(params.attempt, caller.id, body.marks, body.comment)
  }
}

/** Every route of the contract, called by everyone who could call it. What they may is written down here a second time, on purpose. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { apiPrefix, routes, type RouteName } from '@cooperage/contracts'
import { newId } from '../src/data/index.js'
import { World, workerToken, type Person } from './support/world.js'

let world: World
const people = {} as Record<Who, Person | null>
const ids = { cohort: '', submission: '', attempt: '' }

type Who = 'nobody' | 'stranger' | 'learner' | 'other' | 'assistant' | 'instructor' | 'elsewhere' | 'admin'
const everyone: Who[] = [
  'nobody',
  'stranger',
  'learner',
  'other',
  'assistant',
  'instructor',
  'elsewhere',
  'admin',
]

beforeAll(async () => {
  world = await World.start()
  people.nobody = null
  people.stranger = await world.addPerson()
  people.learner = await world.addPerson({ enrolled: 'learner' })
  people.other = await world.addPerson({ enrolled: 'learner' })
  people.assistant = await world.addPerson({ enrolled: 'assistant' })
  people.instructor = await world.addPerson({ role: 'instructor', enrolled: 'instructor' })
  people.elsewhere = await world.addPerson({ role: 'instructor' })
  people.admin = await world.addPerson({ role: 'admin' })
  ids.cohort = world.cohort
  ids.submission = newId()
  ids.attempt = newId()
  const learner = people.learner.id
  const revision = await world.database.one<{ revision: string }>('SELECT revision FROM lab_revision')
  const grading = newId()
  await world.database.query(
    `INSERT INTO submission (id, cohort_id, lab, lab_revision, learner_id, attempt, late, files, files_hash, counted_grading_id)
     VALUES ($1, $2, 'greet', $3, $4, 1, false, '[]', '', $5)`,
    [ids.submission, ids.cohort, revision?.revision, learner, grading],
  )
  await world.database.query(
    `INSERT INTO grading (id, submission_id, learner_id, state, secret_hash, max_score, score, finished_at)
     VALUES ($1, $2, $3, 'graded', '', 3, 1, now())`,
    [grading, ids.submission, learner],
  )
  await world.database.query(
    `INSERT INTO question_attempt (id, cohort_id, question, learner_id, answer, rubric)
     VALUES ($1, $2, 'why', $3, 'So.', '[]')`,
    [ids.attempt, ids.cohort, learner],
  )
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

/** 401 for nobody everywhere else; who is not named here may. */
const signedIn = {}
const admin = { stranger: 403, learner: 403, other: 403, assistant: 403, instructor: 403, elsewhere: 403 }
const instructor = { stranger: 403, learner: 403, other: 403, assistant: 403 }
const course = { stranger: 404 }
const member = { stranger: 404, elsewhere: 404 }
const submitter = { ...member, admin: 403 }
const staff = { ...member, learner: 403, other: 403 }
const cohortInstructor = { ...staff, assistant: 403 }
const reader = { ...member, other: 404 }
const staffOfThing = { ...reader, learner: 403 }
const owner = { ...reader, assistant: 403, instructor: 403, admin: 403 }

const refusals: Record<RouteName, Partial<Record<Who, number>> | 'anyone'> = {
  login: 'anyone',
  acceptInvitation: 'anyone',
  logout: signedIn,
  me: signedIn,
  updateMe: signedIn,
  listTokens: signedIn,
  createToken: signedIn,
  deleteToken: signedIn,
  createUser: admin,
  listCourses: signedIn,
  getCourse: course,
  getLesson: course,
  getLab: course,
  listQuestions: course,
  getQuestion: course,
  listCohorts: signedIn,
  createCohort: instructor,
  joinCohort: signedIn,
  getCohort: member,
  listMembers: staff,
  addStaff: cohortInstructor,
  cohortProgress: staff,
  setLessonProgress: member,
  myProgress: signedIn,
  setSchedule: cohortInstructor,
  getSchedule: member,
  submit: submitter,
  listSubmissions: member,
  getSubmission: reader,
  getSubmissionFiles: reader,
  submissionEvents: reader,
  regrade: staffOfThing,
  getReceipt: reader,
  createAttempt: submitter,
  listAttempts: member,
  getAttempt: reader,
  selfMark: owner,
  reviewAttempt: staffOfThing,
  listLabHosts: admin,
  requestSelfTest: admin,
  acceptRisk: admin,
  withdrawRisk: admin,
}

describe.each(Object.keys(refusals) as RouteName[])('%s', (name) => {
  it.each(everyone)('%s', async (who) => {
    const route = routes[name]
    const params: Record<string, string> = {
      ...ids,
      course: 'tiny',
      lesson: 'hello',
      lab: 'greet',
      question: 'why',
      token: newId(),
      host: 'lab-host',
      row: 'fork-bomb',
    }
    const path = route.path.replace(/:([a-z]+)/g, (_, param: string) => params[param] ?? '')
    const method = route.method.toLowerCase() as 'get'
    const person = people[who]
    // A body that is never valid: whoever is let in is told so, and nothing changes.
    const call = person ? person.call(method, path) : world.http[method](`${apiPrefix}${path}`)
    const answer = await ('body' in route ? call.send({ never: 'valid' }) : call)
    const rule = refusals[name]
    const expected = rule === 'anyone' ? undefined : who === 'nobody' ? 401 : rule[who]
    if (expected !== undefined) {
      expect(answer.status).toBe(expected)
      return
    }
    const fine = [200, 201, 202, 204, 422]
    // Who is let in asks for what is not there: somebody else's token, an invitation that never was, a lab host that never reported.
    if (['deleteToken', 'acceptInvitation', 'requestSelfTest', 'withdrawRisk'].includes(name)) fine.push(404)
    // Its grading is from before there were receipts.
    if (name === 'getReceipt') fine.push(409)
    // The assistant's regrade is still under way when the next one asks for another.
    if (name === 'regrade') fine.push(409)
    expect(fine).toContain(answer.status)
  })
})

it('knows every route of the contract', () => {
  expect(Object.keys(refusals).toSorted()).toEqual(Object.keys(routes).toSorted())
})

it('answers a thing that does not exist like one that is hidden', async () => {
  const hidden = await people.stranger?.get(`/submissions/${ids.submission}`)
  const missing = await people.stranger?.get(`/submissions/${newId()}`)
  expect(hidden?.body).toEqual({ ...missing?.body, requestId: hidden?.body.requestId })
})

it('lets lab hosts in by their token, and nobody else', async () => {
  const revision = await world.database.one<{ revision: string }>('SELECT revision FROM lab_revision')
  const path = `${apiPrefix}/internal/labs/${revision?.revision}/bundle`
  const fetch = (token: string) => world.http.get(path).set('authorization', `Bearer ${token}`)
  const bundle = await fetch(workerToken).expect(200)
  expect(bundle.body).toMatchObject({ course: 'tiny', lab: 'greet', revision: revision?.revision })
  await fetch('another token').expect(401)
  await world.http.get(path).expect(401)
  await people.admin?.get(path.slice(apiPrefix.length)).expect(401)
})

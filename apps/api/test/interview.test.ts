import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { routes, type Attempt, type Problem, type Question, type Route } from '@cooperage/contracts'
import { Stage, type Person } from './support/stage.js'

jest.setTimeout(60_000)

let stage: Stage
let learner: Person
let instructor: Person

beforeAll(async () => {
  stage = await Stage.start()
  learner = await stage.addPerson()
  instructor = await stage.addPerson('instructor', 'instructor')
})
afterAll(() => stage[Symbol.asyncDispose]())

const question = '/courses/grading/questions/why-files'
const attempts = (cohort = stage.cohort) => `/cohorts/${cohort}/questions/why-files/attempts`
interface Created {
  id: string
  rubric: unknown[]
  strongAnswer: string
  followUps: unknown[]
}
const attempt = (by: Person, answer = 'Because.') => by.expect<Created>(201, 'POST', attempts(), { answer })

test('rubric and answer come with the first attempt, and not before', async () => {
  expect((await learner.expect<Question>(200, 'GET', question)).solution).toBeNull()
  const response = await learner.send('POST', attempts(), { answer: 'Because.' })
  expect(response.status).toBe(201)
  const created = (await response.json()) as Created
  expect(response.headers.get('location')).toBe(`/api/v1/attempts/${created.id}`)
  expect(created.rubric).toHaveLength(3)
  expect(created.strongAnswer).toBe('STRONG-ANSWER-OF-why-files')
  expect(created.followUps).toHaveLength(2)
  const shown = await learner.expect<Question>(200, 'GET', question)
  expect(shown.solution).toMatchObject({ strongAnswer: 'STRONG-ANSWER-OF-why-files' })
  expect(shown.teaches).toEqual([{ kind: 'lesson', id: 'start', title: 'Start' }])
})

test('an attempt in one cohort shows the answer in each cohort of the course; staff always see it', async () => {
  const twice = await stage.addPerson()
  const other = await stage.addCohort()
  await stage.enrol(twice.id, 'learner', other)
  await twice.expect(201, 'POST', attempts(other), { answer: 'There.' })
  expect((await twice.expect<Question>(200, 'GET', question)).solution).not.toBeNull()
  expect((await instructor.expect<Question>(200, 'GET', question)).solution).not.toBeNull()
})

test('nothing of a question not yet attempted is in any answer that a learner can get', async () => {
  const curious = await stage.addPerson()
  const created = await attempt(curious)
  await curious.expect(200, 'PATCH', `/attempts/${created.id}`, { selfMarks: { first: 1 } })
  const submission = await curious.submit()
  const params: Record<string, string> = {
    course: 'grading',
    cohort: stage.cohort,
    lesson: 'start',
    lab: 'greet',
    question: 'never-asked',
    submission,
    attempt: created.id,
    token: created.id,
  }
  const all: Route[] = Object.values(routes)
  const readable = all.filter((route) => route.method === 'GET' && route.produces !== 'text/event-stream')
  expect(readable.length).toBeGreaterThan(15)
  for (const route of readable) {
    const path = route.path.replace(/:([a-z]+)/gi, (_, name: string) => params[name] ?? 'none')
    const query = route === routes.myProgress ? `?cohort=${stage.cohort}` : ''
    const text = await (await curious.send('GET', path + query)).text()
    for (const secret of ['RUBRIC-OF-never', 'STRONG-ANSWER-OF-never', 'FOLLOW-UP-OF-never'])
      expect(`${route.path}: ${text}`).not.toContain(secret)
  }
  const refused = await curious.send('POST', `/cohorts/${stage.cohort}/questions/never-asked/attempts`, {
    answer: ' ',
  })
  expect(refused.status).toBe(422)
  expect(await refused.text()).not.toContain('RUBRIC')
})

test('marks by the learner and by staff are both kept; the review counts', async () => {
  const marked = await stage.addPerson()
  const { id } = await attempt(marked, 'My answer.')
  const mark = (selfMarks: object) => marked.send('PATCH', `/attempts/${id}`, { selfMarks })
  expect(await (await mark({ first: 1, second: 0.5 })).json()).toEqual({ score: 62.5 })
  const wrong = await mark({ first: 1, invented: 1 })
  expect(wrong.status).toBe(422)
  expect(((await wrong.json()) as Problem).errors).toEqual([
    { path: 'selfMarks.invented', message: expect.any(String) },
  ])
  expect((await mark({ first: 2 })).status).toBe(422)

  const review = { marks: { first: 0.5 }, comment: 'Say more.' }
  expect((await marked.send('PATCH', `/attempts/${id}/review`, review)).status).toBe(403)
  const strange = await instructor.send('PATCH', `/attempts/${id}/review`, { marks: { no: 1 }, comment: '' })
  expect(((await strange.json()) as Problem).errors?.[0]?.path).toBe('marks.no')
  const reviewed = await instructor.expect<Attempt>(200, 'PATCH', `/attempts/${id}/review`, review)
  expect(reviewed).toMatchObject({
    selfMarks: { first: 1, second: 0.5 },
    selfScore: 62.5,
    review: { marks: { first: 0.5 }, comment: 'Say more.', score: 25 },
    score: 25,
  })
  const list = await marked.expect<{ items: Attempt[] }>(200, 'GET', attempts())
  expect(list.items).toEqual([reviewed])
  const questions = await marked.expect<{ items: object[] }>(200, 'GET', '/courses/grading/questions')
  expect(questions.items[0]).toMatchObject({ id: 'why-files', attempts: 1, bestPercent: 25 })
})

test("attempts are the learner's own, and staff's to read", async () => {
  const [mine, theirs] = [await stage.addPerson(), await stage.addPerson()]
  await attempt(mine, 'one')
  const { id } = await attempt(mine, 'two')
  const page = await mine.expect<{ items: Attempt[]; nextCursor: string }>(
    200,
    'GET',
    `${attempts()}?limit=1`,
  )
  expect(page.items.map((item) => item.answer)).toEqual(['two'])
  const next = await mine.expect<{ items: Attempt[]; nextCursor: null }>(
    200,
    'GET',
    `${attempts()}?limit=1&cursor=${page.nextCursor}`,
  )
  expect([next.items[0]?.answer, next.nextCursor]).toEqual(['one', null])

  expect((await theirs.expect<{ items: [] }>(200, 'GET', attempts())).items).toEqual([])
  expect((await theirs.send('GET', `${attempts()}?learner=${mine.id}`)).status).toBe(403)
  expect(await mine.expect<Attempt>(200, 'GET', `/attempts/${id}`)).toMatchObject({ id, answer: 'two' })
  expect(await instructor.expect<Attempt>(200, 'GET', `/attempts/${id}`)).toMatchObject({ id, answer: 'two' })
  expect((await theirs.send('GET', `/attempts/${id}`)).status).toBe(404)
  expect((await theirs.send('PATCH', `/attempts/${id}`, { selfMarks: {} })).status).toBe(404)
  expect((await instructor.send('PATCH', `/attempts/${id}`, { selfMarks: {} })).status).toBe(403)
  const read = await instructor.expect<{ items: Attempt[] }>(200, 'GET', `${attempts()}?learner=${mine.id}`)
  expect(read.items).toHaveLength(2)
  expect((await mine.send('GET', attempts().replace('why-files', 'unknown'))).status).toBe(404)
  expect((await mine.send('POST', attempts().replace('why-files', 'unknown'), { answer: 'x' })).status).toBe(
    404,
  )
})

test('questions come in the order of the course, page by page', async () => {
  const first = await learner.expect<{ items: { id: string }[]; nextCursor: string }>(
    200,
    'GET',
    '/courses/grading/questions?limit=1',
  )
  expect(first.items.map((item) => item.id)).toEqual(['why-files'])
  const second = await learner.expect<{ items: { id: string }[]; nextCursor: string | null }>(
    200,
    'GET',
    `/courses/grading/questions?cursor=${first.nextCursor}`,
  )
  expect(second.items.map((item) => item.id)).toEqual(['never-asked'])
  expect(second.nextCursor).toBeNull()
  expect((await learner.send('GET', '/courses/grading/questions?cursor=abc')).status).toBe(422)
})

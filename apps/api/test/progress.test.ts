import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newId } from '../src/data/index.js'
import { World, type Person } from './support/world.js'

let world: World
let learner: Person
let staff: Person
beforeAll(async () => {
  world = await World.start()
  learner = await world.addPerson({ enrolled: 'learner', name: 'Ada' })
  staff = await world.addPerson({ role: 'instructor', enrolled: 'instructor' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

const mark = (person: Person, lesson: string, completed: boolean) =>
  person.put(`/cohorts/${world.cohort}/lessons/${lesson}/progress`, { completed })
const mine = async (person = learner) =>
  (await person.get(`/me/progress?cohort=${world.cohort}`).expect(200)).body

const labProgress = (person: Person, attempts: number, best: number, lastAt: string, cohort = world.cohort) =>
  world.database.query(
    `INSERT INTO lab_progress (cohort_id, user_id, lab, attempts, best_score, max_score, last_at, done)
     VALUES ($1, $2, 'greet', $3, $4::float8, 3, $5, $4::float8 >= 3)`,
    [cohort, person.id, attempts, best, lastAt],
  )

describe('own progress', () => {
  it('starts at the first item, and goes on as lessons are marked read and unread', async () => {
    expect(await mine()).toMatchObject({
      course: 'tiny',
      percent: 0,
      next: { kind: 'lesson', id: 'hello', title: 'Hello' },
    })
    const read = await mark(learner, 'hello', true).expect(200)
    expect(read.body).toEqual({ lesson: 'hello', completed: true, at: expect.stringMatching(/Z$/) })
    const again = await mark(learner, 'hello', true).expect(200)
    expect(again.body.at).toBe(read.body.at)
    expect(await mine()).toMatchObject({ percent: 25, next: { kind: 'lab', id: 'greet' } })
    expect((await mark(learner, 'hello', false).expect(200)).body.at).toBeNull()
    expect((await mine()).percent).toBe(0)
    await mark(learner, 'unknown', true).expect(404)
  })

  it('shows labs and questions as they stand, what is due, and the latest submissions', async () => {
    const person = await world.addPerson({ enrolled: 'learner' })
    await labProgress(person, 2, 1.5, '2026-01-02T00:00:00Z')
    await world.database.query(
      `INSERT INTO question_progress (cohort_id, user_id, question, attempts, best_percent, last_at)
       VALUES ($1, $2, 'why', 1, 62.5, now())`,
      [world.cohort, person.id],
    )
    const revision = await world.database.one<{ revision: string }>('SELECT revision FROM lab_revision')
    const [submission, grading] = [newId(), newId()]
    await world.database.query(
      `INSERT INTO submission (id, cohort_id, lab, lab_revision, learner_id, attempt, late, files, files_hash, counted_grading_id)
       VALUES ($1, $2, 'greet', $3, $4, 1, false, '[]', '', $5)`,
      [submission, world.cohort, revision?.revision, person.id, grading],
    )
    await world.database.query(
      `INSERT INTO grading (id, submission_id, learner_id, state, secret_hash, max_score, score) VALUES ($1, $2, $3, 'graded', '', 3, 1.5)`,
      [grading, submission, person.id],
    )
    const dueAt = new Date(Date.now() + 86_400_000).toISOString()
    await staff.put(`/cohorts/${world.cohort}/labs/greet/schedule`, { dueAt }).expect(200)
    await world.database.query('UPDATE lab_progress SET attempts = 2, best_score = 1.5 WHERE user_id = $1', [
      person.id,
    ])
    const progress = await mine(person)
    const item = (id: string) => progress.items.find((candidate: { id: string }) => candidate.id === id)
    expect(item('greet')).toMatchObject({ status: 'started', score: 1.5, maxScore: 3, attempts: 2 })
    expect(item('why')).toMatchObject({ status: 'done', score: 62.5, maxScore: 100, attempts: 1 })
    expect(progress.due).toEqual([{ lab: 'greet', title: 'Greet', dueAt, done: false }])
    expect(progress.recent).toMatchObject([
      { submission, lab: 'greet', title: 'Greet', status: 'graded', score: 1.5 },
    ])
  })

  it('of a cohort that the caller is not in is not there', async () => {
    const stranger = await world.addPerson()
    await stranger.get(`/me/progress?cohort=${world.cohort}`).expect(404)
    await stranger.get(`/me/progress?cohort=${newId()}`).expect(404)
  })
})

describe('the matrix of a cohort', () => {
  it('has a row for each learner and a column for each item, in pages, and says who is stuck', async () => {
    const cohort = await world.addCohort()
    await world.enrol(staff.id, 'instructor', cohort)
    const people: Person[] = []
    for (const name of ['cyd', 'Ben', 'ada']) {
      const person = await world.addPerson({ name })
      await world.enrol(person.id, 'learner', cohort)
      people.push(person)
    }
    const [cyd, ben] = people as [Person, Person, Person]
    await labProgress(cyd, 3, 1, new Date().toISOString(), cohort)
    await labProgress(ben, 1, 3, '2026-01-02T00:00:00.000Z', cohort)
    const page = await staff.get(`/cohorts/${cohort}/progress?limit=2`).expect(200)
    expect(page.body.columns).toMatchObject([
      { kind: 'lesson', id: 'hello', module: 'basics', maxScore: null },
      { kind: 'lab', id: 'greet', maxScore: 3 },
      { kind: 'question', id: 'why', maxScore: 100 },
      { kind: 'lesson', id: 'goodbye' },
    ])
    expect(page.body.items).toMatchObject([
      { learner: { name: 'ada' }, percent: 0, lastActiveAt: null, stuckOn: [] },
      { learner: { name: 'Ben' }, percent: 25, lastActiveAt: '2026-01-02T00:00:00.000Z', stuckOn: [] },
    ])
    expect(page.body.items[1].items[1]).toMatchObject({ status: 'done', score: 3 })
    const rest = await staff
      .get(`/cohorts/${cohort}/progress?limit=2&cursor=${page.body.nextCursor}`)
      .expect(200)
    expect(rest.body.items).toMatchObject([{ learner: { name: 'cyd' }, stuckOn: ['greet'] }])
    expect(rest.body.nextCursor).toBeNull()
  })

  it('costs the same number of queries for one learner as for many', async () => {
    const cohort = await world.addCohort()
    await world.enrol(staff.id, 'instructor', cohort)
    const count = async () => {
      let queries = 0
      const query = world.database.query.bind(world.database)
      world.database.query = (...call) => {
        queries++
        return query(...call)
      }
      await staff.get(`/cohorts/${cohort}/progress`).expect(200)
      world.database.query = query
      return queries
    }
    await world.enrol((await world.addPerson()).id, 'learner', cohort)
    const one = await count()
    for (let n = 0; n < 10; n++) await world.enrol((await world.addPerson()).id, 'learner', cohort)
    expect(await count()).toBe(one)
    expect(one).toBeGreaterThan(3)
  })
})

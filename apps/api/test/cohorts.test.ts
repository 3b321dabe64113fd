import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { World, type Person } from './support/world.js'

let world: World
let instructor: Person
beforeAll(async () => {
  world = await World.start()
  instructor = await world.addPerson({ role: 'instructor', enrolled: 'instructor' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

const newCohort = async () => {
  const made = await instructor.post('/cohorts', { course: 'tiny', name: 'Spring' }).expect(201)
  expect(made.get('Location')).toBe(`/api/v1/cohorts/${made.body.id}`)
  return made.body as { id: string; joinCode: string }
}

describe('joining', () => {
  it('by code enrols as learner; again is the same answer', async () => {
    const cohort = await newCohort()
    const learner = await world.addPerson()
    await learner.get('/courses/tiny').expect(404)
    const typed = ` ${cohort.joinCode.slice(0, 4).toLowerCase()}-${cohort.joinCode.slice(4)} `
    for (const code of [cohort.joinCode, typed]) {
      const joined = await learner.post('/cohorts/join', { code }).expect(200)
      expect(joined.body).toEqual({ cohortId: cohort.id })
    }
    const seen = await learner.get(`/cohorts/${cohort.id}`).expect(200)
    expect(seen.body).toMatchObject({
      role: 'learner',
      learners: 1,
      joinCode: null,
      courseTitle: 'A tiny course',
    })
    await learner.get('/courses/tiny').expect(200)
    expect((await learner.get('/me')).body.cohorts).toMatchObject([{ id: cohort.id, role: 'learner' }])
  })

  it('does not make a learner of its instructor', async () => {
    const cohort = await newCohort()
    await instructor.post('/cohorts/join', { code: cohort.joinCode }).expect(200)
    expect((await instructor.get(`/cohorts/${cohort.id}`)).body).toMatchObject({
      role: 'instructor',
      joinCode: cohort.joinCode,
    })
  })

  it('by a code that is none', async () => {
    await instructor.post('/cohorts/join', { code: 'WRONGCODE' }).expect(404)
  })
})

describe('staff', () => {
  it('an instructor adds an assistant by e-mail, who then sees the members in the order of their names', async () => {
    const cohort = await newCohort()
    for (const name of ['cyd', 'Ben', 'ada'])
      await world.enrol((await world.addPerson({ name })).id, 'learner', cohort.id)
    const assistant = await world.addPerson({ name: 'zoe' })
    const added = await instructor
      .post(`/cohorts/${cohort.id}/staff`, { email: assistant.email, role: 'assistant' })
      .expect(201)
    expect(added.body).toMatchObject({ id: assistant.id, role: 'assistant' })
    const names: string[] = []
    let cursor = ''
    do {
      const page = await assistant.get(`/cohorts/${cohort.id}/members?limit=2${cursor}`).expect(200)
      names.push(...page.body.items.map((member: { name: string }) => member.name))
      cursor = page.body.nextCursor ? `&cursor=${page.body.nextCursor}` : ''
    } while (cursor !== '')
    expect(names.filter((name) => !name.startsWith('Person'))).toEqual(['ada', 'Ben', 'cyd', 'zoe'])
    expect(names).toHaveLength(5)
    await assistant
      .post(`/cohorts/${cohort.id}/staff`, { email: assistant.email, role: 'instructor' })
      .expect(403)
  })

  it('keeps at least one instructor, and takes only people that there are', async () => {
    const cohort = await newCohort()
    const staff = (email: string) =>
      instructor.post(`/cohorts/${cohort.id}/staff`, { email, role: 'assistant' })
    await staff(instructor.email).expect(409)
    expect((await staff('nobody@example.org').expect(422)).body.errors[0].path).toBe('email')
  })
})

describe('the list of cohorts', () => {
  it('has the caller’s, the newest first, and all for an admin', async () => {
    const learner = await world.addPerson()
    const cohorts = [await newCohort(), await newCohort()]
    for (const { joinCode } of cohorts) await learner.post('/cohorts/join', { code: joinCode }).expect(200)
    const first = await learner.get('/cohorts?limit=1').expect(200)
    const second = await learner.get(`/cohorts?limit=1&cursor=${first.body.nextCursor}`).expect(200)
    expect([first.body.items[0].id, second.body.items[0].id]).toEqual([cohorts[1]?.id, cohorts[0]?.id])
    expect(second.body.nextCursor).toBeNull()
    const admin = await world.addPerson({ role: 'admin' })
    const all = await admin.get('/cohorts?limit=200').expect(200)
    expect(all.body.items.map((item: { id: string }) => item.id)).toEqual(
      expect.arrayContaining([world.cohort, ...cohorts.map(({ id }) => id)]),
    )
  })
})

describe('a lab’s schedule', () => {
  const path = (cohort: string, lab = 'greet') => `/cohorts/${cohort}/labs/${lab}/schedule`

  it('is set as a whole; a learner sees the dates that hold for them', async () => {
    const cohort = await newCohort()
    const learner = await world.addPerson()
    await world.enrol(learner.id, 'learner', cohort.id)
    const schedule = { dueAt: '2026-03-01T12:00:00.000Z', maxAttempts: 3, late: { kind: 'refuse' } }
    await instructor.put(path(cohort.id), schedule).expect(200)
    expect((await learner.get(path(cohort.id))).body).toMatchObject({ ...schedule, opensAt: null })
    await world.database.query(
      `INSERT INTO extension (cohort_id, lab, user_id, due_at, reason, granted_by) VALUES ($1, 'greet', $2, $3, 'ill', $4)`,
      [cohort.id, learner.id, '2026-03-08T12:00:00Z', instructor.id],
    )
    expect((await learner.get(path(cohort.id))).body.dueAt).toBe('2026-03-08T12:00:00.000Z')
    expect((await instructor.get(path(cohort.id))).body.dueAt).toBe(schedule.dueAt)
    await instructor.put(path(cohort.id), {}).expect(200)
    expect((await instructor.get(path(cohort.id))).body).toMatchObject({ dueAt: null, maxAttempts: null })
  })

  it('refuses dates in the wrong order, and a lab that is not in the course', async () => {
    const cohort = await newCohort()
    const wrong = { opensAt: '2026-03-02T00:00:00Z', dueAt: '2026-03-01T00:00:00Z' }
    expect((await instructor.put(path(cohort.id), wrong).expect(422)).body.errors[0].path).toBe('dueAt')
    await instructor.put(path(cohort.id, 'unknown'), {}).expect(404)
    await instructor.get(path(cohort.id, 'unknown')).expect(404)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { workersKey, type WorkerHeartbeat } from '@cooperage/contracts'
import { importCourse } from '../src/courses/index.js'
import { REDIS } from '../src/platform/index.js'
import { tinyCourse, workerToken, World, type Person } from './support/world.js'

let world: World
let learner: Person
beforeAll(async () => {
  world = await World.start()
  learner = await world.addPerson({ enrolled: 'learner' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

describe('a course', () => {
  it('is listed to its learners, and read with its items in order', async () => {
    const list = await learner.get('/courses').expect(200)
    expect(list.body.items).toEqual([
      {
        id: 'tiny',
        title: 'A tiny course',
        summary: 'One of everything, for tests.',
        language: 'en',
        modules: 1,
        lessons: 2,
        labs: 1,
        questions: 1,
      },
    ])
    const stranger = await world.addPerson()
    expect((await stranger.get('/courses').expect(200)).body.items).toEqual([])
    const { body } = await learner.get('/courses/tiny').expect(200)
    expect(body.modules[0].items).toMatchObject([
      { kind: 'lesson', id: 'hello', minutes: 5, maxScore: null },
      { kind: 'lab', id: 'greet', minutes: 5, maxScore: 3 },
      { kind: 'question', id: 'why', minutes: null },
      { kind: 'lesson', id: 'goodbye' },
    ])
  })

  it('has lessons that know what comes before and after', async () => {
    const { body } = await learner.get('/courses/tiny/lessons/hello').expect(200)
    expect(body).toMatchObject({
      title: 'Hello',
      module: { id: 'basics', title: 'Basics' },
      previous: null,
      next: { kind: 'lab', id: 'greet', title: 'Greet' },
    })
    expect(body.html).toContain('/api/v1/courses/tiny/assets/pic.svg')
    await learner.get('/courses/tiny/lessons/unknown').expect(404)
  })

  it('has labs that give away neither how they check nor what a hidden check is about', async () => {
    const { body, text } = await learner.get('/courses/tiny/labs/greet').expect(200)
    expect(body.starter).toEqual([
      { path: 'data.bin', content: 'AP8=', encoding: 'base64', editable: false },
      { path: 'greet.sh', content: 'echo hello\n', encoding: 'utf8', editable: true },
    ])
    expect(body.checks).toEqual([
      { id: 'greets', title: 'It greets', points: 2, visibility: 'open', needs: [] },
      { id: 'secret', title: 'It keeps quiet', points: 1, visibility: 'hidden', needs: [] },
    ])
    expect(body).toMatchObject({ maxScore: 3, engine: 'none', mode: 'files', files: ['*.sh'] })
    expect(text).not.toMatch(/SECRET|stdout|exec/)
  })

  it('is served in its newest revision by the next request', async () => {
    const course = await tinyCourse()
    course.revision = 'f'.repeat(64)
    course.title = 'A tiny course, again'
    expect(await importCourse(world.database, course)).toBe('stored')
    expect((await learner.get('/courses/tiny')).body).toMatchObject({
      title: 'A tiny course, again',
      revision: course.revision,
    })
    expect(await importCourse(world.database, course)).toBe('current')
    expect(await importCourse(world.database, await tinyCourse())).toBe('stored')
    expect((await learner.get('/courses/tiny')).body.title).toBe('A tiny course')
  })
})

describe('assets', () => {
  it('are files that cannot run as a page of this site, and are not sent twice', async () => {
    const answer = await learner.get('/courses/tiny/assets/pic.svg').expect(200)
    expect(answer.get('Content-Type')).toBe('image/svg+xml')
    expect(answer.get('Content-Security-Policy')).toContain('sandbox')
    expect(answer.body.toString()).toContain('<svg')
    const etag = answer.get('ETag') ?? ''
    const again = await learner.get('/courses/tiny/assets/pic.svg').set('if-none-match', etag).expect(304)
    expect(again.text ?? '').toBe('')
  })
  it.each([
    'unknown.svg',
    '',
    '../course.yaml',
    '..%2fcourse.yaml',
    '%2e%2e/course.yaml',
    '%2fetc%2fpasswd',
    'a%00b',
    'pic.svg/',
  ])('have no %j', async (path) => {
    await learner.get(`/courses/tiny/assets/${path}`).expect(404)
  })
  it('are for people of the course', async () => {
    const stranger = await world.addPerson()
    await stranger.get('/courses/tiny/assets/pic.svg').expect(404)
    await world.http.get('/api/v1/courses/tiny/assets/pic.svg').expect(401)
  })
})

describe('whether a lab can be done', () => {
  const beat = async (name: string, more: Partial<WorkerHeartbeat> = {}) => {
    const heartbeat: WorkerHeartbeat = {
      worker: name,
      at: new Date().toISOString(),
      slots: 1,
      busy: 0,
      images: [],
      host: null,
      off: null,
      ...more,
    }
    await world.app.get(REDIS).hset(workersKey, name, JSON.stringify(heartbeat))
  }
  const unavailable = async () =>
    (await learner.get('/courses/tiny/labs/greet').expect(200)).body.unavailable as string | null

  it('depends on the lab hosts: submissions wait when none lives, and are not taken while the image is missing', async () => {
    const [lab] = (await tinyCourse()).labs
    expect(await unavailable()).toBeNull()
    await beat('one', { off: { cause: 'engine', reason: 'The engine does not answer.' } })
    expect(await unavailable()).toBe('The engine does not answer.')
    await beat('one', { off: { cause: 'testing', reason: 'The self-test runs.' } })
    expect(await unavailable()).toBeNull()
    await beat('one', { off: { cause: 'self-test', reason: 'No seccomp here.' } })
    expect(await unavailable()).toMatch(/self-test.*Lab hosts/)
    expect(await unavailable()).not.toContain('seccomp')
    await beat('one')
    expect(await unavailable()).toMatch(/being built/)
    await beat('two', { images: [lab?.imageTag ?? ''] })
    expect(await unavailable()).toBeNull()
    const dead = new Date(Date.now() - 60_000).toISOString()
    await beat('two', { images: [lab?.imageTag ?? ''], at: dead })
    expect(await unavailable()).toMatch(/being built/)
  })
})

describe('what a lab host is to have ready', () => {
  const ask = (token = workerToken) =>
    world.http.get('/api/v1/internal/open-labs').set('authorization', `Bearer ${token}`)
  const schedule = (dates: object) =>
    world.database.query(
      `INSERT INTO lab_schedule (cohort_id, lab, schedule) VALUES ($1, 'greet', $2)
         ON CONFLICT (cohort_id, lab) DO UPDATE SET schedule = $2`,
      [world.cohort, JSON.stringify(dates)],
    )
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

  it('is what the labs of running cohorts need, and told to lab hosts alone', async () => {
    const greet = {
      imageTag: (await tinyCourse()).labs[0]?.imageTag,
      limits: { memoryMb: 256, cpus: 0.5, pids: 64, diskMb: 64 },
      exec: true,
      script: false,
      labs: 1,
    }
    expect((await ask().expect(200)).body).toEqual({ kinds: [greet] })
    await ask('guessed').expect(401)
    await learner.get('/internal/open-labs').expect(401)

    for (const [dates, open] of [
      [{ closesAt: inHours(-1) }, false],
      [{ opensAt: inHours(1) }, false],
      [{ opensAt: inHours(-1), closesAt: inHours(1) }, true],
    ] as const) {
      await schedule(dates)
      expect((await ask()).body).toEqual({ kinds: open ? [greet] : [] })
    }
    await world.database.query(`UPDATE cohort SET ends_at = now() - interval '1 hour' WHERE id = $1`, [
      world.cohort,
    ])
    expect((await ask()).body).toEqual({ kinds: [] })
    await world.database.query('UPDATE cohort SET ends_at = NULL WHERE id = $1', [world.cohort])
    expect((await ask()).body).toEqual({ kinds: [greet] })
  })
})

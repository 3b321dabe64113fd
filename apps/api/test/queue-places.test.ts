import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { Database } from '../src/data/index.js'
import { Heartbeats } from '../src/platform/index.js'
import { placesOf } from '../src/submissions/queue-order.js'
import { QueuePlaces } from '../src/submissions/queue-places.js'
import { Stage, type Person } from './support/stage.js'
import { gradeByContent, TestWorker } from './support/test-worker.js'

jest.setTimeout(60_000)

let stage: Stage
let people: Person[]
beforeAll(async () => {
  stage = await Stage.start()
  people = await Promise.all(Array.from({ length: 4 }, () => stage.addPerson()))
})
afterAll(() => stage[Symbol.asyncDispose]())

describe('a learner who waits', () => {
  test('sees about when it starts, by what the last gradings took, wherever they look', async () => {
    const [first, ...others] = people as [Person, ...Person[]]
    const alone = await first.submit()
    const before = await first.get(alone)
    expect(before.queuePosition).toBe(1)
    expect(before).not.toHaveProperty('startsInSeconds')

    let letGo = () => {}
    let held: Promise<void> = Promise.resolve()
    await using worker = new TestWorker(
      stage.redis.url,
      async (running) => {
        await running.send(running.started())
        await held
        await gradeByContent(running)
      },
      { slots: 1 },
    )
    await worker.beat()
    await stage.until(`SELECT 1 FROM grading WHERE state = 'graded'`)
    await stage.rows('UPDATE grading SET preparing_ms = 1000, grading_ms = 20000')

    held = new Promise((resolve) => (letGo = resolve))
    const submissions: string[] = []
    for (const person of others) submissions.push(await person.submit())
    await stage.until(`SELECT 1 FROM grading WHERE state = 'running'`)
    const last = others.at(-1) as Person
    const submission = submissions.at(-1) as string
    const expected = { queuePosition: 2, startsInSeconds: 45 }
    expect(await last.get(submission)).toMatchObject(expected)
    const events = await last.events(submission, ({ event }) => event === 'snapshot' && letGo())
    expect(events[0]).toMatchObject({ event: 'snapshot', data: expected })
    expect(events[1]).toMatchObject({ event: 'stage', data: { stage: 'queued', ...expected } })
    expect(events.at(-1)?.data).not.toHaveProperty('startsInSeconds')
  })
})

test('many who ask at once are answered by two counts at most, each with the truth of after their question', async () => {
  const [one, two] = people as [Person, Person]
  const database = stage.replica.app.get(Database)
  let counts = 0
  const counting = Object.create(database, {
    query: {
      value: (sql: string, parameters: unknown[]) => {
        if (sql === placesOf) counts += 1
        return database.query(sql, parameters)
      },
    },
  }) as Database
  const places = new QueuePlaces(counting, stage.replica.app.get(Heartbeats))
  const submission = await one.submit()
  const early = places.of([submission])
  const later = await two.submit()
  const answers = await Promise.all(Array.from({ length: 100 }, () => places.of([submission, later])))
  expect((await early).has(submission)).toBe(true)
  for (const answer of answers) expect([...answer.keys()].sort()).toEqual([submission, later].sort())
  expect(counts).toBeLessThanOrEqual(2)
})

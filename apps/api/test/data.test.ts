import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@cooperage/testing'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { dataSourceOptions, migrate } from '../src/data/index.js'

let database: TestDatabase
beforeAll(async () => {
  // A schema of its own: an empty database, which these tests migrate themselves.
  database = await createTestDatabase({ schema: randomUUID(), migrate: () => Promise.resolve() })
}, 60_000)
afterAll(() => database.drop())

describe('migrations', () => {
  it('run once, however many processes start at once', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => migrate(database.url)))
    expect(ran.flat()).toHaveLength(dataSourceOptions(database.url).migrations?.length as number)
    expect(await migrate(database.url)).toEqual([])
  })

  it('make exactly the schema that the entities describe', async () => {
    const source = await new DataSource(dataSourceOptions(database.url)).initialize()
    try {
      const drift = await source.driver.createSchemaBuilder().log()
      expect(drift.upQueries.map(({ query }) => query)).toEqual([])
    } finally {
      await source.destroy()
    }
  })
})

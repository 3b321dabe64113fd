import { DataSource, type DataSourceOptions } from 'typeorm'
import { entities } from './entities.js'
import { migrations } from './migrations/index.js'
import { ReadableNames } from './naming.js'

/** Never `synchronize`: the schema is what the migrations made, and a test holds entities and migrations together. */
export const dataSourceOptions = (url: string, poolSize = 20): DataSourceOptions => ({
  type: 'postgres',
  url,
  entities,
  migrations,
  migrationsTransactionMode: 'each',
  namingStrategy: new ReadableNames(),
  synchronize: false,
  installExtensions: false,
  uuidExtension: 'pgcrypto',
  logging: false,
  poolSize,
  extra: { application_name: 'cooperage-api', connectionTimeoutMillis: 5_000 },
})

/** Any number that nothing else locks. */
const migrationLock = 7_246_001

/** Brings the schema up to date, forward only. Safe to call from several processes at once: one migrates, the others wait for it. */
export async function migrate(url: string): Promise<string[]> {
  const source = await new DataSource(dataSourceOptions(url, 2)).initialize()
  const lock = source.createQueryRunner()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock])
    return (await source.runMigrations()).map((migration) => migration.name)
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined)
    await lock.release()
    await source.destroy()
  }
}

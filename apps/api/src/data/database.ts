import { createHash } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import type { ClientBase, Pool } from 'pg'
import { DataSource, type EntityManager } from 'typeorm'

/** SQL in, rows out: both the pool and a transaction answer to it, so that a query takes part in whichever it is given. */
export interface Sql {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>
}

@Injectable()
export class Database implements Sql {
  constructor(@InjectDataSource() readonly source: DataSource) {}

  /** `INSERT`, `UPDATE` and `DELETE` with `RETURNING` answer the returned rows, like `SELECT`. */
  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return prepared((this.source.driver as unknown as { readonly master: Pool }).master, sql, parameters)
  }

  /** The first row, or null. */
  async one<Row>(sql: string, parameters: unknown[] = []): Promise<Row | null> {
    return (await this.query<Row>(sql, parameters))[0] ?? null
  }

  /** All or nothing. `work` must use only the `Transaction` that it gets. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.source.transaction((manager) => work(new Transaction(manager)))
  }
}

export class Transaction implements Sql {
  constructor(readonly manager: EntityManager) {}

  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = (await this.manager.queryRunner?.connect()) as ClientBase | undefined
    if (!client) throw new Error('the transaction is over')
    return prepared(client, sql, parameters)
  }
  async one<Row>(sql: string, parameters: unknown[] = []): Promise<Row | null> {
    return (await this.query<Row>(sql, parameters))[0] ?? null
  }
}

/**
 * Each statement is prepared once for each connection: to plan one of ours costs Postgres several times what it costs to run it.
 * Statements are constants of the code, so that there are only so many.
 */
async function prepared<Row>(via: Pool | ClientBase, sql: string, parameters: unknown[]): Promise<Row[]> {
  const result = await via.query({ name: nameOf(sql), text: sql, values: parameters })
  return result.rows as Row[]
}

const names = new Map<string, string>()

function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 32)
  names.set(sql, name)
  return name
}

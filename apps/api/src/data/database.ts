import { Injectable } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import { DataSource, type EntityManager } from 'typeorm'

/** SQL in, rows out: both the pool and a transaction answer to it, so that a query takes part in whichever it is given. */
export interface Sql {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>
}

@Injectable()
export class Database implements Sql {
  constructor(@InjectDataSource() readonly source: DataSource) {}

  /** `INSERT`, `UPDATE` and `DELETE` with `RETURNING` answer the returned rows, like `SELECT`. */
  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return rowsOf(await this.source.query(sql, parameters))
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
    return rowsOf(await this.manager.query(sql, parameters))
  }
  async one<Row>(sql: string, parameters: unknown[] = []): Promise<Row | null> {
    return (await this.query<Row>(sql, parameters))[0] ?? null
  }
}

/** TypeORM answers `[rows, count]` to UPDATE and DELETE, and the rows alone to the others. */
function rowsOf<Row>(result: unknown): Row[] {
  if (!Array.isArray(result)) return []
  if (result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number')
    return result[0] as Row[]
  return result as Row[]
}

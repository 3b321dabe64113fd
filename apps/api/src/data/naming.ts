import { DefaultNamingStrategy, Table } from 'typeorm'

const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** snake_case in the database, and constraints whose names say what they hold, since hot reads are SQL and errors name them. */
export class ReadableNames extends DefaultNamingStrategy {
  override tableName(target: string, given: string | undefined) {
    return given ?? snake(target)
  }
  override columnName(property: string, given: string | undefined) {
    return given ?? snake(property)
  }
  override primaryKeyName(table: Table | string) {
    return `pk_${this.getTableName(table)}`
  }
  override uniqueConstraintName(table: Table | string, columns: string[]) {
    return `uq_${this.getTableName(table)}_${columns.join('_')}`
  }
  override foreignKeyName(table: Table | string, columns: string[]) {
    return `fk_${this.getTableName(table)}_${columns.join('_')}`
  }
  override indexName(table: Table | string, columns: string[]) {
    return `ix_${this.getTableName(table)}_${columns.join('_')}`
  }
}

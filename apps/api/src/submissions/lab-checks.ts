import { Injectable } from '@nestjs/common'
import type { CheckSpec } from '@cooperage/contracts'
import { Database } from '../data/index.js'
import type { CheckDefinition } from './submission-view.js'

/** Checks of lab revisions. A revision is named by its content, so that what was read once stays true. */
@Injectable()
export class LabChecks {
  readonly #known = new Map<string, readonly CheckDefinition[]>()

  constructor(private readonly db: Database) {}

  /** Throws when there is no such revision: submissions refer to theirs by a foreign key. */
  async of(revision: string): Promise<readonly CheckDefinition[]> {
    const known = this.#known.get(revision)
    if (known) return known
    const row = await this.db.one<{ checks: CheckSpec[] }>(
      `SELECT bundle -> 'spec' -> 'checks' AS checks FROM lab_revision WHERE revision = $1`,
      [revision],
    )
    if (!row) throw new Error(`lab revision ${revision} is gone`)
    const checks = row.checks.map(({ id, title, points, visibility, hint }) => ({
      id,
      title,
      points,
      visibility,
      ...(hint === undefined ? {} : { hint }),
    }))
    this.#known.set(revision, checks)
    return checks
  }
}

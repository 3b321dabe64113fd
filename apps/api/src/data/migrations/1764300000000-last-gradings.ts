import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The last gradings say how long one takes, and so when one that waits is about to start. */
export class LastGradings1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX "ix_grading_last" ON "grading" ("finished_at") WHERE state = 'graded'`)
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore the backup that was made before the upgrade.')
  }
}

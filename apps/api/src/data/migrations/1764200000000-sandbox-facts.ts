import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What a grading ran in (for receipts), and the lab hosts with the tests of their sandboxes. */
export class SandboxFacts1764200000000 implements MigrationInterface {
  private readonly statements = [
    `ALTER TABLE "grading" ADD "sandbox" jsonb`,
    `ALTER TABLE "grading" DROP COLUMN "image_digest"`,
    `CREATE TABLE "lab_host" (
      "id" text NOT NULL,
      "name" text NOT NULL,
      "engine" text NOT NULL,
      "quick_report" jsonb,
      "full_report" jsonb,
      "requested_at" timestamptz,
      "seen_at" timestamptz NOT NULL,
      CONSTRAINT "pk_lab_host" PRIMARY KEY ("id")
    )`,
    `CREATE TABLE "accepted_risk" (
      "host_id" text NOT NULL,
      "row" text NOT NULL,
      "reason" text NOT NULL,
      "accepted_by" uuid NOT NULL,
      "accepted_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_accepted_risk" PRIMARY KEY ("host_id", "row")
    )`,
    `ALTER TABLE "accepted_risk" ADD CONSTRAINT "fk_accepted_risk_host_id" FOREIGN KEY ("host_id") REFERENCES "lab_host"("id")`,
    `ALTER TABLE "accepted_risk" ADD CONSTRAINT "fk_accepted_risk_accepted_by" FOREIGN KEY ("accepted_by") REFERENCES "user"("id")`,
  ]

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement)
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore the backup that was made before the upgrade.')
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The schema of the first release. Migrations go forward only: a backup is the way back. */
export class Initial1764000000000 implements MigrationInterface {
  private readonly statements = [
    `CREATE TABLE "course" (
      "id" text NOT NULL,
      "title" text NOT NULL,
      "revision" text NOT NULL,
      "updated_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_course" PRIMARY KEY ("id")
    )`,
    `CREATE TABLE "course_revision" (
      "course_id" text NOT NULL,
      "revision" text NOT NULL,
      "content" jsonb NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_course_revision" PRIMARY KEY ("course_id", "revision")
    )`,
    `CREATE TABLE "course_asset" (
      "course_id" text NOT NULL,
      "revision" text NOT NULL,
      "path" text NOT NULL,
      "content" bytea NOT NULL,
      CONSTRAINT "pk_course_asset" PRIMARY KEY ("course_id", "revision", "path")
    )`,
    `CREATE TABLE "lab_revision" (
      "revision" text NOT NULL,
      "course_id" text NOT NULL,
      "lab" text NOT NULL,
      "image_tag" text NOT NULL,
      "bundle" jsonb NOT NULL,
      "max_score" integer NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_lab_revision" PRIMARY KEY ("revision")
    )`,
    `CREATE INDEX "ix_lab_revision_course_id" ON "lab_revision" ("course_id")`,
    `CREATE TABLE "user" (
      "id" uuid NOT NULL,
      "email" text NOT NULL,
      "name" text NOT NULL,
      "role" text NOT NULL,
      "password_hash" text,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "uq_user_email" UNIQUE ("email"),
      CONSTRAINT "pk_user" PRIMARY KEY ("id")
    )`,
    `CREATE TABLE "session" (
      "id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "token_hash" text NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "expires_at" timestamptz NOT NULL,
      CONSTRAINT "uq_session_token_hash" UNIQUE ("token_hash"),
      CONSTRAINT "pk_session" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_session_user_id" ON "session" ("user_id")`,
    `CREATE TABLE "api_token" (
      "id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "name" text NOT NULL,
      "token_hash" text NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "expires_at" timestamptz,
      "last_used_at" timestamptz,
      CONSTRAINT "uq_api_token_token_hash" UNIQUE ("token_hash"),
      CONSTRAINT "pk_api_token" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_api_token_user_id" ON "api_token" ("user_id")`,
    `CREATE TABLE "invitation" (
      "id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "token_hash" text NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "expires_at" timestamptz NOT NULL,
      "used_at" timestamptz,
      CONSTRAINT "uq_invitation_token_hash" UNIQUE ("token_hash"),
      CONSTRAINT "pk_invitation" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_invitation_user_id" ON "invitation" ("user_id")`,
    `CREATE TABLE "cohort" (
      "id" uuid NOT NULL,
      "course_id" text NOT NULL,
      "name" text NOT NULL,
      "join_code" text NOT NULL,
      "starts_at" timestamptz,
      "ends_at" timestamptz,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "uq_cohort_join_code" UNIQUE ("join_code"),
      CONSTRAINT "pk_cohort" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_cohort_course_id" ON "cohort" ("course_id")`,
    `CREATE TABLE "enrolment" (
      "cohort_id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "role" text NOT NULL,
      "section" text,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_enrolment" PRIMARY KEY ("cohort_id", "user_id")
    )`,
    `CREATE INDEX "ix_enrolment_user_id_cohort_id" ON "enrolment" ("user_id", "cohort_id")`,
    `CREATE TABLE "lab_schedule" (
      "cohort_id" uuid NOT NULL,
      "lab" text NOT NULL,
      "schedule" jsonb NOT NULL,
      CONSTRAINT "pk_lab_schedule" PRIMARY KEY ("cohort_id", "lab")
    )`,
    `CREATE TABLE "extension" (
      "cohort_id" uuid NOT NULL,
      "lab" text NOT NULL,
      "user_id" uuid NOT NULL,
      "due_at" timestamptz NOT NULL,
      "reason" text NOT NULL,
      "granted_by" uuid NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_extension" PRIMARY KEY ("cohort_id", "lab", "user_id")
    )`,
    `CREATE TABLE "lesson_progress" (
      "cohort_id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "lesson" text NOT NULL,
      "completed_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_lesson_progress" PRIMARY KEY ("cohort_id", "user_id", "lesson")
    )`,
    `CREATE TABLE "lab_progress" (
      "cohort_id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "lab" text NOT NULL,
      "attempts" integer NOT NULL DEFAULT '0',
      "best_score" double precision,
      "max_score" double precision NOT NULL,
      "last_at" timestamptz,
      "done" boolean NOT NULL DEFAULT false,
      CONSTRAINT "pk_lab_progress" PRIMARY KEY ("cohort_id", "user_id", "lab")
    )`,
    `CREATE TABLE "question_attempt" (
      "id" uuid NOT NULL,
      "cohort_id" uuid NOT NULL,
      "question" text NOT NULL,
      "learner_id" uuid NOT NULL,
      "answer" text NOT NULL,
      "rubric" jsonb NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "self_marks" jsonb,
      "self_score" double precision,
      "self_marked_at" timestamptz,
      "review_marks" jsonb,
      "review_score" double precision,
      "review_comment" text,
      "reviewer_id" uuid,
      "reviewed_at" timestamptz,
      CONSTRAINT "pk_question_attempt" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_question_attempt_learner_id_question" ON "question_attempt" ("learner_id", "question")`,
    `CREATE INDEX "ix_question_attempt_cohort_id_question_learner_id_id" ON "question_attempt" ("cohort_id", "question", "learner_id", "id")`,
    `CREATE TABLE "question_progress" (
      "cohort_id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "question" text NOT NULL,
      "attempts" integer NOT NULL DEFAULT '0',
      "best_percent" double precision,
      "last_at" timestamptz NOT NULL,
      CONSTRAINT "pk_question_progress" PRIMARY KEY ("cohort_id", "user_id", "question")
    )`,
    `CREATE TABLE "idempotency_key" (
      "user_id" uuid NOT NULL,
      "key" text NOT NULL,
      "route" text NOT NULL,
      "request_hash" text NOT NULL,
      "status" integer,
      "response" bytea,
      "leased_until" timestamptz NOT NULL,
      "expires_at" timestamptz NOT NULL,
      CONSTRAINT "pk_idempotency_key" PRIMARY KEY ("user_id", "key")
    )`,
    `CREATE INDEX "ix_idempotency_key_expires_at" ON "idempotency_key" ("expires_at")`,
    `CREATE TABLE "audit_event" (
      "id" uuid NOT NULL,
      "actor_id" uuid,
      "action" text NOT NULL,
      "subject" text NOT NULL,
      "detail" jsonb NOT NULL DEFAULT '{}',
      "at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_audit_event" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_audit_event_actor_id" ON "audit_event" ("actor_id")`,
    `CREATE TABLE "submission" (
      "id" uuid NOT NULL,
      "cohort_id" uuid NOT NULL,
      "lab" text NOT NULL,
      "lab_revision" text NOT NULL,
      "learner_id" uuid NOT NULL,
      "attempt" integer NOT NULL,
      "submitted_at" timestamptz NOT NULL DEFAULT now(),
      "late" boolean NOT NULL,
      "files" jsonb NOT NULL,
      "files_hash" text NOT NULL,
      "counted_grading_id" uuid NOT NULL,
      CONSTRAINT "pk_submission" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_submission_learner_id" ON "submission" ("learner_id")`,
    `CREATE INDEX "ix_submission_cohort_id_learner_id_id" ON "submission" ("cohort_id", "learner_id", "id")`,
    `CREATE INDEX "ix_submission_cohort_id_lab_id" ON "submission" ("cohort_id", "lab", "id")`,
    `CREATE UNIQUE INDEX "ix_submission_cohort_id_lab_learner_id_attempt" ON "submission" ("cohort_id", "lab", "learner_id", "attempt")`,
    `CREATE TABLE "grading" (
      "id" uuid NOT NULL,
      "submission_id" uuid NOT NULL,
      "learner_id" uuid NOT NULL,
      "state" text NOT NULL,
      "secret_hash" text NOT NULL,
      "queued_at" timestamptz NOT NULL DEFAULT now(),
      "dispatched_at" timestamptz,
      "started_at" timestamptz,
      "finished_at" timestamptz,
      "worker" text,
      "score" double precision,
      "max_score" double precision NOT NULL,
      "preparing_ms" integer,
      "grading_ms" integer,
      "image_digest" text,
      "faults" integer NOT NULL DEFAULT '0',
      "notice" text,
      "staff_note" text,
      CONSTRAINT "pk_grading" PRIMARY KEY ("id")
    )`,
    `CREATE INDEX "ix_grading_submission_id" ON "grading" ("submission_id")`,
    `CREATE INDEX "ix_grading_served" ON "grading" ("learner_id", "dispatched_at")`,
    `CREATE INDEX "ix_grading_finished" ON "grading" ("learner_id", "finished_at")`,
    `CREATE INDEX "ix_grading_running" ON "grading" ("started_at") WHERE state = 'running'`,
    `CREATE INDEX "ix_grading_queued" ON "grading" ("queued_at", "id") WHERE state = 'queued'`,
    `CREATE TABLE "check_result" (
      "grading_id" uuid NOT NULL,
      "check_id" text NOT NULL,
      "position" integer NOT NULL,
      "status" text NOT NULL,
      "points" double precision NOT NULL,
      "max_points" double precision NOT NULL,
      "message" text,
      "staff_note" text,
      "duration_ms" integer NOT NULL,
      CONSTRAINT "pk_check_result" PRIMARY KEY ("grading_id", "check_id")
    )`,
    `ALTER TABLE "course_revision" ADD CONSTRAINT "fk_course_revision_course_id" FOREIGN KEY ("course_id") REFERENCES "course"("id")`,
    `ALTER TABLE "course_asset" ADD CONSTRAINT "fk_course_asset_course_id" FOREIGN KEY ("course_id") REFERENCES "course"("id")`,
    `ALTER TABLE "lab_revision" ADD CONSTRAINT "fk_lab_revision_course_id" FOREIGN KEY ("course_id") REFERENCES "course"("id")`,
    `ALTER TABLE "session" ADD CONSTRAINT "fk_session_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "api_token" ADD CONSTRAINT "fk_api_token_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "invitation" ADD CONSTRAINT "fk_invitation_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "cohort" ADD CONSTRAINT "fk_cohort_course_id" FOREIGN KEY ("course_id") REFERENCES "course"("id")`,
    `ALTER TABLE "enrolment" ADD CONSTRAINT "fk_enrolment_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "enrolment" ADD CONSTRAINT "fk_enrolment_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "lab_schedule" ADD CONSTRAINT "fk_lab_schedule_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "extension" ADD CONSTRAINT "fk_extension_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "extension" ADD CONSTRAINT "fk_extension_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "extension" ADD CONSTRAINT "fk_extension_granted_by" FOREIGN KEY ("granted_by") REFERENCES "user"("id")`,
    `ALTER TABLE "lesson_progress" ADD CONSTRAINT "fk_lesson_progress_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "lesson_progress" ADD CONSTRAINT "fk_lesson_progress_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "lab_progress" ADD CONSTRAINT "fk_lab_progress_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "lab_progress" ADD CONSTRAINT "fk_lab_progress_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "question_attempt" ADD CONSTRAINT "fk_question_attempt_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "question_attempt" ADD CONSTRAINT "fk_question_attempt_learner_id" FOREIGN KEY ("learner_id") REFERENCES "user"("id")`,
    `ALTER TABLE "question_attempt" ADD CONSTRAINT "fk_question_attempt_reviewer_id" FOREIGN KEY ("reviewer_id") REFERENCES "user"("id")`,
    `ALTER TABLE "question_progress" ADD CONSTRAINT "fk_question_progress_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "question_progress" ADD CONSTRAINT "fk_question_progress_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "idempotency_key" ADD CONSTRAINT "fk_idempotency_key_user_id" FOREIGN KEY ("user_id") REFERENCES "user"("id")`,
    `ALTER TABLE "audit_event" ADD CONSTRAINT "fk_audit_event_actor_id" FOREIGN KEY ("actor_id") REFERENCES "user"("id")`,
    `ALTER TABLE "submission" ADD CONSTRAINT "fk_submission_cohort_id" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id")`,
    `ALTER TABLE "submission" ADD CONSTRAINT "fk_submission_lab_revision" FOREIGN KEY ("lab_revision") REFERENCES "lab_revision"("revision")`,
    `ALTER TABLE "submission" ADD CONSTRAINT "fk_submission_learner_id" FOREIGN KEY ("learner_id") REFERENCES "user"("id")`,
    `ALTER TABLE "grading" ADD CONSTRAINT "fk_grading_submission_id" FOREIGN KEY ("submission_id") REFERENCES "submission"("id")`,
    `ALTER TABLE "check_result" ADD CONSTRAINT "fk_check_result_grading_id" FOREIGN KEY ("grading_id") REFERENCES "grading"("id")`,
  ]

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of this.statements) await runner.query(statement)
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only; restore the backup that was made before the upgrade.')
  }
}

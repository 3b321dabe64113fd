import type { CheckStatus, GradingState, SandboxFacts } from '@cooperage/contracts'
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm'
import { Cohort } from './cohort.entities.js'
import { LabRevision } from './course.entities.js'
import { User } from './identity.entities.js'

export interface StoredFile {
  path: string
  base64: string
}

@Entity('submission')
@Index(['cohortId', 'lab', 'learnerId', 'attempt'], { unique: true })
@Index(['cohortId', 'lab', 'id'])
@Index(['cohortId', 'learnerId', 'id'])
export class Submission {
  /** UUIDv7: newest first is the order of the key backwards. */
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => Cohort)
  @Column('uuid')
  cohortId: string
  @Column('text') lab: string
  @ForeignKey(() => LabRevision)
  @Column('text')
  labRevision: string
  @ForeignKey(() => User)
  @Index()
  @Column('uuid')
  learnerId: string
  /** 1 for the learner's first submission to this lab in this cohort. */
  @Column('integer') attempt: number
  @Column('timestamptz', { default: () => 'now()' }) submittedAt: Date
  @Column('boolean') late: boolean
  @Column('jsonb') files: StoredFile[]
  /** Over the files' paths and bytes, hex. */
  @Column('text') filesHash: string
  /** The grading whose verdict counts; no foreign key, since the two rows refer to each other. */
  @Column('uuid') countedGradingId: string
}

@Entity('grading')
@Index('ix_grading_queued', ['queuedAt', 'id'], { where: `state = 'queued'` })
@Index('ix_grading_running', ['startedAt'], { where: `state = 'running'` })
@Index('ix_grading_served', ['learnerId', 'dispatchedAt'])
@Index('ix_grading_finished', ['learnerId', 'finishedAt'])
@Index('ix_grading_last', ['finishedAt'], { where: `state = 'graded'` })
export class Grading {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => Submission)
  @Index()
  @Column('uuid')
  submissionId: string
  /** Whose submission it is: here too, since the order of the queue asks when a learner was last served. */
  @Column('uuid') learnerId: string
  @Column('text') state: GradingState
  /** sha256 of the secret that its result must bring, hex. */
  @Column('text') secretHash: string
  @Column('timestamptz', { default: () => 'now()' }) queuedAt: Date
  /** When it was last put into the queue of the workers; null: not yet. */
  @Column('timestamptz', { nullable: true }) dispatchedAt: Date | null
  @Column('timestamptz', { nullable: true }) startedAt: Date | null
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null
  @Column('text', { nullable: true }) worker: string | null
  /** As the checks earned it; the late policy is applied to progress. */
  @Column('double precision', { nullable: true }) score: number | null
  @Column('double precision') maxScore: number
  @Column('integer', { nullable: true }) preparingMs: number | null
  @Column('integer', { nullable: true }) gradingMs: number | null
  /** What its containers were; null until graded. */
  @Column('jsonb', { nullable: true }) sandbox: SandboxFacts | null
  /** How often its job or worker was lost and it was queued again. */
  @Column('integer', { default: 0 }) faults: number
  /** For the learner, with state `error`. */
  @Column('text', { nullable: true }) notice: string | null
  /** With state `error`: what went wrong, for staff. */
  @Column('text', { nullable: true }) staffNote: string | null
}

@Entity('check_result')
export class CheckResult {
  @ForeignKey(() => Grading)
  @PrimaryColumn('uuid')
  gradingId: string
  @PrimaryColumn('text') checkId: string
  /** In the lab's order, from 0. */
  @Column('integer') position: number
  @Column('text') status: CheckStatus
  @Column('double precision') points: number
  @Column('double precision') maxPoints: number
  @Column('text', { nullable: true }) message: string | null
  @Column('text', { nullable: true }) staffNote: string | null
  @Column('integer') durationMs: number
}

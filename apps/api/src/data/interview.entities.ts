import type { RubricPoint } from '@cooperage/contracts'
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm'
import { Cohort } from './cohort.entities.js'
import { User } from './identity.entities.js'

@Entity('question_attempt')
@Index(['cohortId', 'question', 'learnerId', 'id'])
@Index(['learnerId', 'question'])
export class QuestionAttempt {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => Cohort)
  @Column('uuid')
  cohortId: string
  @Column('text') question: string
  @ForeignKey(() => User)
  @Column('uuid')
  learnerId: string
  @Column('text') answer: string
  /** As it was when answered: marks stay meaningful when the course changes. */
  @Column('jsonb') rubric: RubricPoint[]
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
  @Column('jsonb', { nullable: true }) selfMarks: Record<string, number> | null
  /** Percent of the weights. */
  @Column('double precision', { nullable: true }) selfScore: number | null
  @Column('timestamptz', { nullable: true }) selfMarkedAt: Date | null
  @Column('jsonb', { nullable: true }) reviewMarks: Record<string, number> | null
  @Column('double precision', { nullable: true }) reviewScore: number | null
  @Column('text', { nullable: true }) reviewComment: string | null
  @ForeignKey(() => User)
  @Column('uuid', { nullable: true })
  reviewerId: string | null
  @Column('timestamptz', { nullable: true }) reviewedAt: Date | null
}

/** One row for each learner and question, kept up to date with each attempt and mark. */
@Entity('question_progress')
export class QuestionProgress {
  @ForeignKey(() => Cohort)
  @PrimaryColumn('uuid')
  cohortId: string
  @ForeignKey(() => User)
  @PrimaryColumn('uuid')
  userId: string
  @PrimaryColumn('text') question: string
  @Column('integer', { default: 0 }) attempts: number
  /** Best score that counts, in percent of the weights; null before the first is marked. */
  @Column('double precision', { nullable: true }) bestPercent: number | null
  @Column('timestamptz') lastAt: Date
}

import type { CohortRole, Schedule } from '@cooperage/contracts'
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm'
import { CourseRow } from './course.entities.js'
import { User } from './identity.entities.js'

@Entity('cohort')
export class Cohort {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => CourseRow)
  @Index()
  @Column('text')
  courseId: string
  @Column('text') name: string
  @Column('text', { unique: true }) joinCode: string
  @Column('timestamptz', { nullable: true }) startsAt: Date | null
  @Column('timestamptz', { nullable: true }) endsAt: Date | null
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
}

@Entity('enrolment')
@Index(['userId', 'cohortId'])
export class Enrolment {
  @ForeignKey(() => Cohort)
  @PrimaryColumn('uuid')
  cohortId: string
  @ForeignKey(() => User)
  @PrimaryColumn('uuid')
  userId: string
  @Column('text') role: CohortRole
  @Column('text', { nullable: true }) section: string | null
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
}

@Entity('lab_schedule')
export class LabSchedule {
  @ForeignKey(() => Cohort)
  @PrimaryColumn('uuid')
  cohortId: string
  @PrimaryColumn('text') lab: string
  @Column('jsonb') schedule: Schedule
}

@Entity('extension')
export class Extension {
  @ForeignKey(() => Cohort)
  @PrimaryColumn('uuid')
  cohortId: string
  @PrimaryColumn('text') lab: string
  @ForeignKey(() => User)
  @PrimaryColumn('uuid')
  userId: string
  @Column('timestamptz') dueAt: Date
  @Column('text') reason: string
  @ForeignKey(() => User)
  @Column('uuid')
  grantedBy: string
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
}

@Entity('lesson_progress')
export class LessonProgress {
  @ForeignKey(() => Cohort)
  @PrimaryColumn('uuid')
  cohortId: string
  @ForeignKey(() => User)
  @PrimaryColumn('uuid')
  userId: string
  @PrimaryColumn('text') lesson: string
  @Column('timestamptz', { default: () => 'now()' }) completedAt: Date
}

/** Kept up to date with each submission and verdict, so that progress costs the same however many submissions there are. */
@Entity('lab_progress')
export class LabProgress {
  @ForeignKey(() => Cohort)
  @PrimaryColumn('uuid')
  cohortId: string
  @ForeignKey(() => User)
  @PrimaryColumn('uuid')
  userId: string
  @PrimaryColumn('text') lab: string
  /** Submissions that cost an attempt: graded or under way. */
  @Column('integer', { default: 0 }) attempts: number
  /** After the late policy; null before the first verdict. */
  @Column('double precision', { nullable: true }) bestScore: number | null
  @Column('double precision') maxScore: number
  @Column('timestamptz', { nullable: true }) lastAt: Date | null
  /** A full score was reached. */
  @Column('boolean', { default: false }) done: boolean
}

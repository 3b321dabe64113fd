import type { Course } from '@cooperage/course'
import type { LabBundle } from '@cooperage/contracts'
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm'

/** A course as stored and served: bundles are in `lab_revision`, assets in `course_asset`. */
export type StoredCourse = Omit<Course, 'labs' | 'assets'> & {
  labs: Omit<Course['labs'][number], 'bundle'>[]
}

/** Which revision of a course is served; every cohort of the course uses it. */
@Entity('course')
export class CourseRow {
  @PrimaryColumn('text') id: string
  @Column('text') title: string
  /** Of `course_revision` with this id. */
  @Column('text') revision: string
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date
}

@Entity('course_revision')
export class CourseRevision {
  @ForeignKey(() => CourseRow)
  @PrimaryColumn('text')
  courseId: string
  @PrimaryColumn('text') revision: string
  @Column('jsonb') content: StoredCourse
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
}

@Entity('course_asset')
export class CourseAsset {
  @ForeignKey(() => CourseRow)
  @PrimaryColumn('text')
  courseId: string
  @PrimaryColumn('text') revision: string
  /** Relative to the course's `assets/`. */
  @PrimaryColumn('text') path: string
  @Column('bytea') content: Buffer
}

@Entity('lab_revision')
export class LabRevision {
  @PrimaryColumn('text') revision: string
  @ForeignKey(() => CourseRow)
  @Index()
  @Column('text')
  courseId: string
  @Column('text') lab: string
  @Column('text') imageTag: string
  @Column('jsonb') bundle: LabBundle
  @Column('integer') maxScore: number
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
}

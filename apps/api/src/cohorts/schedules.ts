import { Injectable } from '@nestjs/common'
import type { Schedule } from '@cooperage/contracts'
import { effectiveDates } from '@cooperage/domain'
import { CourseStore } from '../courses/index.js'
import { audit, Database } from '../data/index.js'
import { Problem, type Access, type Caller, type CohortStanding } from '../platform/index.js'
import { recountProgress } from '../submissions/index.js'

/** When a lab opens, is due and closes, how often it may be tried, and what being late costs. */
@Injectable()
export class Schedules {
  constructor(
    private readonly database: Database,
    private readonly courses: CourseStore,
  ) {}

  /** For staff as it was set; for a learner with their own extension. */
  async get(caller: Caller, cohort: CohortStanding, access: Access, lab: string): Promise<Schedule> {
    await this.courses.getLab(cohort.course, lab)
    const row = await this.database.one<{ schedule: Schedule | null; extendedTo: Date | null }>(
      `SELECT (SELECT schedule FROM lab_schedule WHERE cohort_id = $1 AND lab = $2) AS schedule,
              (SELECT due_at FROM extension WHERE cohort_id = $1 AND lab = $2 AND user_id = $3) AS "extendedTo"`,
      [cohort.id, lab, caller.id],
    )
    const dates = effectiveDates(row?.schedule ?? null, access.staff ? null : (row?.extendedTo ?? null))
    return {
      opensAt: dates.opensAt?.toISOString() ?? null,
      dueAt: dates.dueAt?.toISOString() ?? null,
      closesAt: dates.closesAt?.toISOString() ?? null,
      maxAttempts: dates.maxAttempts,
      late: dates.late,
    }
  }

  /** Replaces the whole schedule; scores so far are counted anew by the new dates. */
  async set(caller: Caller, cohort: CohortStanding, lab: string, schedule: Schedule): Promise<Schedule> {
    await this.courses.getLab(cohort.course, lab)
    refuseWrongOrder(schedule)
    await this.database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO lab_schedule (cohort_id, lab, schedule) VALUES ($1, $2, $3)
         ON CONFLICT (cohort_id, lab) DO UPDATE SET schedule = excluded.schedule`,
        [cohort.id, lab, JSON.stringify(schedule)],
      )
      const learners = await tx.query<{ learner: string }>(
        'SELECT user_id AS learner FROM lab_progress WHERE cohort_id = $1 AND lab = $2 ORDER BY user_id FOR UPDATE',
        [cohort.id, lab],
      )
      for (const { learner } of learners) await recountProgress(tx, { cohort: cohort.id, learner, lab })
      await audit(tx, caller.id, 'schedule.set', `cohort:${cohort.id}`, { lab, schedule })
    })
    return schedule
  }
}

function refuseWrongOrder({ opensAt, dueAt, closesAt }: Schedule): void {
  const inOrder = (earlier: string | null | undefined, later: string | null | undefined) =>
    !earlier || !later || new Date(earlier) <= new Date(later)
  const errors = [
    ...(inOrder(opensAt, dueAt) ? [] : [{ path: 'dueAt', message: 'is before the lab opens' }]),
    ...(inOrder(opensAt, closesAt) ? [] : [{ path: 'closesAt', message: 'is before the lab opens' }]),
    ...(inOrder(dueAt, closesAt) ? [] : [{ path: 'closesAt', message: 'is before the lab is due' }]),
  ]
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

import { Injectable } from '@nestjs/common'
import type { OpenLabs as Answer } from '@cooperage/contracts'
import { Database } from '../data/index.js'

/** A host keeps far fewer containers ready than this. */
const mostKinds = 200

/** What the labs need that learners may submit to now, or within minutes: lab hosts keep such containers ready. */
@Injectable()
export class OpenLabs {
  constructor(private readonly database: Database) {}

  async get(): Promise<Answer> {
    const kinds = await this.database.query<Answer['kinds'][number]>(
      `SELECT item->>'imageTag' AS "imageTag", item->'spec'->'environment'->'limits' AS limits,
              jsonb_path_exists(item, '$.spec.checks[*].exec') AS exec,
              jsonb_path_exists(item, '$.spec.checks[*].script') AS script,
              count(*)::int AS labs
         FROM course c
         JOIN course_revision r ON r.course_id = c.id AND r.revision = c.revision
         CROSS JOIN LATERAL jsonb_array_elements(r.content->'labs') item
        WHERE item->'spec'->>'mode' = 'files' AND EXISTS (
          SELECT 1 FROM cohort k LEFT JOIN lab_schedule s ON s.cohort_id = k.id AND s.lab = item->>'id'
           WHERE k.course_id = c.id
             AND coalesce(k.starts_at, '-infinity') <= now() + interval '5 min' AND coalesce(k.ends_at, 'infinity') > now()
             AND coalesce((s.schedule->>'opensAt')::timestamptz, '-infinity') <= now() + interval '5 min'
             AND coalesce((s.schedule->>'closesAt')::timestamptz, 'infinity') > now())
        GROUP BY 1, 2, 3, 4 ORDER BY labs DESC, 1, 2 LIMIT $1`,
      [mostKinds],
    )
    return { kinds }
  }
}

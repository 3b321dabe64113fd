import type { Course } from '@cooperage/course'
import { maxScoreOf } from '@cooperage/domain'
import type { Database, StoredCourse, Transaction } from '../data/index.js'

/**
 * Stores a revision of a course and makes it the current one. Nothing happens when it is that already; a revision that was
 * current before becomes current again without being stored twice.
 */
export async function importCourse(database: Database, course: Course): Promise<'current' | 'stored'> {
  return database.transaction(async (tx) => {
    const row = await tx.one<{ revision: string }>('SELECT revision FROM course WHERE id = $1 FOR UPDATE', [
      course.id,
    ])
    if (row?.revision === course.revision) return 'current'
    await tx.query(
      `INSERT INTO course (id, title, revision) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, revision = excluded.revision, updated_at = now()`,
      [course.id, course.title, course.revision],
    )
    await storeRevision(tx, course)
    return 'stored'
  })
}

async function storeRevision(tx: Transaction, course: Course): Promise<void> {
  const content = contentOf(course)
  await tx.query(
    `INSERT INTO course_revision (course_id, revision, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [course.id, course.revision, JSON.stringify(content)],
  )
  for (const asset of course.assets)
    await tx.query(
      `INSERT INTO course_asset (course_id, revision, path, content) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [course.id, course.revision, asset.path, Buffer.from(asset.content)],
    )
  for (const lab of course.labs)
    await tx.query(
      `INSERT INTO lab_revision (revision, course_id, lab, image_tag, bundle, max_score)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [
        lab.revision,
        course.id,
        lab.id,
        lab.imageTag,
        JSON.stringify(lab.bundle),
        maxScoreOf(lab.spec.checks),
      ],
    )
}

/** Bundles and assets have rows of their own. */
function contentOf(course: Course): StoredCourse {
  const { assets: _assets, ...rest } = {
    ...course,
    labs: course.labs.map(({ bundle: _bundle, ...lab }) => lab),
  }
  return rest
}

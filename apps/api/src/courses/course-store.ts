import { Injectable } from '@nestjs/common'
import type { LabBundle } from '@cooperage/contracts'
import { Database, type StoredCourse } from '../data/index.js'
import { Problem } from '../platform/index.js'
import { CourseContent, type LabContent } from './course-content.js'

const cachedLabs = 200

/**
 * Courses as they are served. A revision never changes, so that it is parsed once and kept; which one is current is asked of the
 * database each time, so that every replica sees a new one at once.
 */
@Injectable()
export class CourseStore {
  private readonly contents = new Map<string, { revision: string; content: Promise<CourseContent> }>()
  private readonly starters = new Map<string, LabBundle['starter']>()

  constructor(private readonly database: Database) {}

  /** Throws `not_found`. */
  async get(courseId: string): Promise<CourseContent> {
    const row = await this.database.one<{ revision: string }>('SELECT revision FROM course WHERE id = $1', [
      courseId,
    ])
    if (!row) throw new Problem('not_found')
    const known = this.contents.get(courseId)
    if (known?.revision === row.revision) return known.content
    const content = this.load(courseId, row.revision)
    this.contents.set(courseId, { revision: row.revision, content })
    content.catch(() => this.contents.delete(courseId))
    return content
  }

  /** A lab of the current revision. Throws `not_found`. */
  async getLab(courseId: string, lab: string): Promise<{ content: CourseContent; lab: LabContent }> {
    const content = await this.get(courseId)
    const found = content.lab(lab)
    if (!found) throw new Problem('not_found')
    return { content, lab: found }
  }

  /** What a lab host needs to grade, or null. */
  async findBundle(revision: string): Promise<LabBundle | null> {
    const row = await this.database.one<{ bundle: LabBundle }>(
      'SELECT bundle FROM lab_revision WHERE revision = $1',
      [revision],
    )
    return row?.bundle ?? null
  }

  /** Files that a learner begins with. */
  async starterOf(revision: string): Promise<LabBundle['starter']> {
    const known = this.starters.get(revision)
    if (known) return known
    const row = await this.database.one<{ starter: LabBundle['starter'] }>(
      `SELECT bundle->'starter' AS starter FROM lab_revision WHERE revision = $1`,
      [revision],
    )
    if (this.starters.size >= cachedLabs) this.starters.clear()
    this.starters.set(revision, row?.starter ?? [])
    return row?.starter ?? []
  }

  /** A file below `assets/` of the current revision, or null. */
  async findAsset(courseId: string, path: string): Promise<{ content: Buffer; revision: string } | null> {
    return this.database.one<{ content: Buffer; revision: string }>(
      `SELECT a.content, a.revision FROM course_asset a
         JOIN course c ON c.id = a.course_id AND c.revision = a.revision
        WHERE a.course_id = $1 AND a.path = $2`,
      [courseId, path],
    )
  }

  private async load(courseId: string, revision: string): Promise<CourseContent> {
    const row = await this.database.one<{ content: StoredCourse }>(
      'SELECT content FROM course_revision WHERE course_id = $1 AND revision = $2',
      [courseId, revision],
    )
    if (!row) throw new Error(`revision ${revision} of course ${courseId} is not stored`)
    return new CourseContent(row.content)
  }
}

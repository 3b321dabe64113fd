import { loadCourse, type CourseProblem } from '@cooperage/course'
import { DataSource } from 'typeorm'
import { importCourse } from '../courses/index.js'
import { Database, dataSourceOptions, migrate, newId } from '../data/index.js'
import { inviteUser } from '../identity/index.js'
import type { Configuration } from '../platform/index.js'
import { createDemo } from './demo.js'

export interface SetupReport {
  courses: { id: string; revision: string; title: string }[]
  /** Faults of courses that were left out; the start goes on without them. */
  problems: (CourseProblem & { course: string })[]
  /** The demonstration data was made now. */
  demo: boolean
  /** Makes the first admin, once: while no admin has a password. They sign in as `adminEmail`. */
  adminLink?: string
  adminEmail?: string
}

/** The course that the demonstration cohort takes, if it is there. */
const demoCourse = 'docker'
const adminEmail = 'admin@cooperage.local'

/** Any number that nothing else locks: two setups at once would both find an empty database. */
const setupLock = 7_246_002

/** Migrates, stores the courses' new revisions, and makes the first people. Running it again changes nothing that is there. */
export async function setUp(configuration: Configuration): Promise<SetupReport> {
  const url = configuration.DATABASE_URL.reveal()
  await migrate(url)
  const source = await new DataSource(dataSourceOptions(url, 4)).initialize()
  const database = new Database(source)
  const lock = source.createQueryRunner()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [setupLock])
    const report: SetupReport = { courses: [], problems: [], demo: false }
    for (const folder of configuration.COOPERAGE_COURSES)
      await storeCourse(database, folder, configuration, report)
    return { ...report, ...(await firstPeople(database, configuration)) }
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [setupLock]).catch(() => undefined)
    await lock.release()
    await source.destroy()
  }
}

/** A faulty course is reported and left out: the revision that is current stays. */
async function storeCourse(
  database: Database,
  folder: string,
  configuration: Configuration,
  report: SetupReport,
): Promise<void> {
  try {
    const loaded = await loadCourse(folder, { labImagesDir: configuration.LAB_IMAGES_DIR })
    if (!loaded.ok) {
      report.problems.push(...loaded.problems.map((problem) => ({ course: folder, ...problem })))
      return
    }
    const { id, revision, title } = loaded.course
    if (report.courses.some((course) => course.id === id)) {
      const message = `another course of this installation has the id ${id}`
      report.problems.push({ course: folder, file: 'course.yaml', line: 1, message })
      return
    }
    await importCourse(database, loaded.course)
    report.courses.push({ id, revision, title })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    report.problems.push({ course: folder, file: '.', line: 1, message })
  }
}

async function firstPeople(
  database: Database,
  { DEMO_FILE, PUBLIC_URL }: Configuration,
): Promise<Pick<SetupReport, 'demo' | 'adminLink' | 'adminEmail'>> {
  const nobody = !(await database.one('SELECT 1 FROM "user" LIMIT 1'))
  if (nobody && DEMO_FILE) {
    const course = await database.one<{ id: string }>(
      'SELECT id FROM course ORDER BY id = $1 DESC, id LIMIT 1',
      [demoCourse],
    )
    // Without a course there is nothing to demonstrate; the next start tries again.
    if (!course) return { demo: false }
    await createDemo(database, course.id, DEMO_FILE, PUBLIC_URL)
    return { demo: true }
  }
  const admin = await database.one(
    `SELECT 1 FROM "user" WHERE role = 'admin' AND password_hash IS NOT NULL LIMIT 1`,
  )
  if (admin) return { demo: false }
  return { demo: false, adminEmail, adminLink: await inviteAdmin(database, PUBLIC_URL) }
}

/** As long as no admin ever signed in, each setup makes a new link, and the one before does not work any more. */
async function inviteAdmin(database: Database, publicUrl: string): Promise<string> {
  return database.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO "user" (id, email, name, role) VALUES ($1, $2, 'Administrator', 'admin') ON CONFLICT DO NOTHING`,
      [newId(), adminEmail],
    )
    const admin = await tx.one<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [adminEmail])
    if (!admin) throw new Error('the administrator is not there')
    await tx.query('DELETE FROM invitation WHERE user_id = $1 AND used_at IS NULL', [admin.id])
    return inviteUser(tx, admin.id, publicUrl)
  })
}

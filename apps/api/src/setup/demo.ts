import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { CohortRole, Role } from '@cooperage/contracts'
import { newJoinCode } from '../cohorts/index.js'
import { newId, type Database } from '../data/index.js'
import { hashPassword } from '../identity/index.js'

const people: { name: string; email: string; role: Role; inCohort: CohortRole | null }[] = [
  { name: 'Ana Duarte', email: 'ana.duarte@example.org', role: 'admin', inCohort: null },
  { name: 'Henrik Solberg', email: 'henrik.solberg@example.org', role: 'instructor', inCohort: 'instructor' },
  { name: 'Priya Raman', email: 'priya.raman@example.org', role: 'learner', inCohort: 'learner' },
  { name: 'Tomasz Wieczorek', email: 'tomasz.wieczorek@example.org', role: 'learner', inCohort: 'learner' },
  { name: 'Lucía Herrera', email: 'lucia.herrera@example.org', role: 'learner', inCohort: 'learner' },
]

/**
 * People, a cohort and a file with their passwords, which are nowhere else. The file is in place before the people are: whoever
 * finds people finds the file.
 */
export async function createDemo(
  database: Database,
  course: string,
  file: string,
  baseUrl: string,
): Promise<void> {
  const cohort = { id: newId(), joinCode: newJoinCode() }
  const members = await Promise.all(
    people.map(async (person) => {
      const password = randomBytes(12).toString('base64url')
      return { ...person, id: newId(), password, hash: await hashPassword(password) }
    }),
  )
  await database.transaction(async (tx) => {
    await tx.query('INSERT INTO cohort (id, course_id, name, join_code) VALUES ($1, $2, $3, $4)', [
      cohort.id,
      course,
      'Demonstration cohort',
      cohort.joinCode,
    ])
    for (const { id, email, name, role, hash, inCohort } of members) {
      await tx.query(
        'INSERT INTO "user" (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)',
        [id, email, name, role, hash],
      )
      if (inCohort)
        await tx.query('INSERT INTO enrolment (cohort_id, user_id, role) VALUES ($1, $2, $3)', [
          cohort.id,
          id,
          inCohort,
        ])
    }
    await writeSecretly(file, {
      baseUrl,
      cohortId: cohort.id,
      joinCode: cohort.joinCode,
      users: members.map(({ role, email, password }) => ({ role, email, password })),
    })
  })
}

/** Readable by its owner alone from the first byte, and never half written. */
async function writeSecretly(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
}

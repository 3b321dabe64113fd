/**
 * Entities, migrations and the way to the database. Imported by every other room of the API; imports contracts and types of
 * the course only. No relations, no cascades: rows refer to each other by id, and hot reads are SQL.
 */
export * from './cohort.entities.js'
export * from './course.entities.js'
export * from './identity.entities.js'
export * from './interview.entities.js'
export * from './lab-host.entities.js'
export * from './platform.entities.js'
export * from './submission.entities.js'
export * from './audit.js'
export * from './data-source.js'
export * from './database.js'
export * from './ids.js'

import { z } from 'zod'

/** UUIDv7, the key of every row. */
export const Id = z.uuid()
/** Folder or file name of a course, module, lesson, lab, question, check: lower case, digits, hyphens. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens')
  .max(64)
/** RFC 3339 in UTC. */
export const Instant = z.iso.datetime()
/** A time as somebody gives it: RFC 3339 with any offset. It goes on in UTC and whole milliseconds, so that texts compare like times. */
export const GivenInstant = z.iso
  .datetime({ offset: true })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()))
  // Neither the database nor RFC 3339 can hold more.
  .refine((text) => /^(?!0000)\d{4}-/.test(text), 'a year from 0001 to 9999')
/** sha256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const Role = z.enum(['admin', 'instructor', 'assistant', 'learner'])
export type Role = z.infer<typeof Role>
/** What a person is in one cohort. */
export const CohortRole = z.enum(['instructor', 'assistant', 'learner'])
export type CohortRole = z.infer<typeof CohortRole>

export const Email = z.string().trim().toLowerCase().pipe(z.email().max(254))
export const PersonName = z.string().trim().min(1).max(120)
export const Password = z.string().min(10, 'at least 10 characters').max(200)

/** Lists are pages: ask again with `cursor` until `nextCursor` is null. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

import { z } from 'zod'
import { CohortRole, Email, Id, Instant, Password, PersonName, Role, Slug } from './primitives.js'

export const User = z.object({ id: Id, email: z.string(), name: z.string(), role: Role })
export type User = z.infer<typeof User>

export const LoginBody = z.strictObject({ email: Email, password: z.string().min(1).max(200) })
export const LoginResponse = z.object({ user: User })

/** The caller, with the cohorts they are in. */
export const Me = User.extend({
  cohorts: z.array(
    z.object({ id: Id, name: z.string(), course: Slug, courseTitle: z.string(), role: CohortRole }),
  ),
})
export type Me = z.infer<typeof Me>
export const UpdateMeBody = z
  .strictObject({
    name: PersonName.optional(),
    password: z.strictObject({ current: z.string().min(1).max(200), next: Password }).optional(),
  })
  .refine((body) => body.name !== undefined || body.password !== undefined, { message: 'name or password' })

export const CreateTokenBody = z.strictObject({
  name: z.string().trim().min(1).max(80),
  expiresAt: Instant.optional(),
})
/** `token` is shown this once; only its hash is stored. */
export const CreatedToken = z.object({ id: Id, token: z.string() })
export const ApiToken = z.object({
  id: Id,
  name: z.string(),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  lastUsedAt: Instant.nullable(),
})

export const CreateUserBody = z.strictObject({
  email: Email,
  name: PersonName,
  role: Role,
  password: Password.optional(),
})
export const CreatedUser = User.extend({
  /** One-time address under which the person chooses a password; null when one was given. */
  invitationUrl: z.string().nullable(),
})
export const AcceptInvitationBody = z.strictObject({ name: PersonName, password: Password })

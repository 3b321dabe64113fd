import { z } from 'zod'
import { route } from './route.js'
import {
  CohortRole,
  Email,
  GivenInstant,
  Id,
  Instant,
  Password,
  PersonName,
  Role,
  Slug,
  PageQuery,
  pageOf,
} from './primitives.js'

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
  expiresAt: GivenInstant.optional(),
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

/** Routes of this part of the contract. */
export const identityRoutes = {
  login: route({
    method: 'POST',
    path: '/auth/login',
    who: 'anyone',
    status: 200,
    summary: 'Sign in with a password; sets the session cookie',
    body: LoginBody,
    response: LoginResponse,
  }),
  logout: route({ method: 'POST', path: '/auth/logout', who: 'signed-in', status: 204, summary: 'Sign out' }),
  me: route({
    method: 'GET',
    path: '/me',
    who: 'signed-in',
    status: 200,
    summary: 'The caller and their cohorts',
    response: Me,
  }),
  updateMe: route({
    method: 'PATCH',
    path: '/me',
    who: 'signed-in',
    status: 200,
    summary: 'Change own name or password',
    body: UpdateMeBody,
    response: Me,
  }),
  listTokens: route({
    method: 'GET',
    path: '/me/tokens',
    who: 'signed-in',
    status: 200,
    summary: 'Own API tokens, without their secrets',
    query: PageQuery,
    response: pageOf(ApiToken),
  }),
  createToken: route({
    method: 'POST',
    path: '/me/tokens',
    who: 'signed-in',
    status: 201,
    summary: 'Make an API token; it is shown once',
    body: CreateTokenBody,
    response: CreatedToken,
  }),
  deleteToken: route({
    method: 'DELETE',
    path: '/me/tokens/:token',
    who: 'signed-in',
    status: 204,
    summary: 'Revoke an API token',
  }),
  createUser: route({
    method: 'POST',
    path: '/users',
    who: 'admin',
    status: 201,
    summary: 'Create a person; without a password, an invitation link',
    body: CreateUserBody,
    response: CreatedUser,
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/invitations/:token',
    who: 'anyone',
    status: 200,
    summary: 'Choose name and password with an invitation; signs in',
    body: AcceptInvitationBody,
    response: LoginResponse,
  }),
}

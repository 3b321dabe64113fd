/** Grade receipts: what a verdict was, signed by the API so that anybody can check it offline. */
import { z } from 'zod'
import { Id, Instant, Sha256, Slug } from './primitives.js'
import { CheckStatus } from './submissions.js'
import { SandboxFacts } from './lab-hosts.js'
import { route } from './route.js'

/** Media type of a receipt (compact JWS), and `typ` of its header. */
export const receiptType = 'cooperage-receipt+jwt'
/** `alg` of its header; the keys are Ed25519. */
export const receiptAlgorithm = 'EdDSA'

/** The payload of a receipt. Of a hidden check it says no more than its learner sees. */
export const ReceiptClaims = z.strictObject({
  /** Address of the installation, its PUBLIC_URL. */
  iss: z.string().min(1).max(500),
  /** When it was signed, in seconds since 1970 and before the year 10000. */
  iat: z.number().int().min(0).max(253_402_300_799),
  /** The grading: one verdict, however often it is signed. */
  jti: Id,
  learner: Id,
  cohort: Id,
  course: Slug,
  lab: Slug,
  submission: Id,
  grading: Id,
  attempt: z.number().int().min(1),
  late: z.boolean(),
  /** Over the paths and bytes of the submitted files. */
  submissionHash: Sha256,
  /** Over the lab's folder and its image's recipe. */
  labRevision: Sha256,
  sandbox: SandboxFacts,
  checks: z
    .array(
      z.strictObject({
        id: Slug,
        title: z.string().max(120),
        status: CheckStatus,
        points: z.number(),
        maxPoints: z.number(),
      }),
    )
    .max(100),
  score: z.number(),
  maxScore: z.number(),
  /** `replayed`: graded in a fresh pod from the submitted files; `live`: in the session in which the learner worked. */
  assurance: z.enum(['replayed', 'live']),
  submittedAt: Instant,
  gradedAt: Instant,
})
export type ReceiptClaims = z.infer<typeof ReceiptClaims>

/** A JWK set: the keys of receipts, active and retired. No private part passes through it. */
export const ReceiptKeys = z.object({
  keys: z.array(
    z.object({
      kid: z.string(),
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      alg: z.literal(receiptAlgorithm),
      use: z.literal('sig'),
    }),
  ),
})
export type ReceiptKeys = z.infer<typeof ReceiptKeys>

export const receiptsRoutes = {
  getReceipt: route({
    method: 'GET',
    path: '/submissions/:submission/receipt',
    who: 'submission-reader',
    status: 200,
    summary: 'The verdict that counts, signed: a compact JWS whose keys are at /.well-known/jwks.json',
    produces: 'application/jose',
  }),
}

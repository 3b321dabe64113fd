/** The keys of receipts: Ed25519, named by the thumbprint of their public part (RFC 7638). */
import { receiptAlgorithm } from '@cooperage/contracts'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { z } from 'zod'

/** 32 bytes in base64url. */
const Bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const PublicJwk = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: Bytes32 })
const PrivateJwk = PublicJwk.extend({ d: Bytes32 })
const common = { kid: Bytes32, createdAt: z.iso.datetime() }

/** Signs; there is always just one. */
const ActiveKey = z.strictObject({ ...common, jwk: PrivateJwk })
type ActiveKey = z.infer<typeof ActiveKey>
/** Signs nothing any more, and is published for ever: what it signed stays true. */
const RetiredKey = z.strictObject({ ...common, retiredAt: z.iso.datetime(), jwk: PublicJwk })
type RetiredKey = z.infer<typeof RetiredKey>

/** What the file holds. Retired keys: the last one first. */
export const Ring = z.strictObject({ active: ActiveKey, retired: z.array(RetiredKey) })
export type Ring = z.infer<typeof Ring>

async function newKey(now: Date): Promise<ActiveKey> {
  const pair = await generateKeyPair(receiptAlgorithm, { crv: 'Ed25519', extractable: true })
  const { kty, crv, x, d } = await exportJWK(pair.privateKey)
  const jwk = PrivateJwk.parse({ kty, crv, x, d })
  return { kid: await calculateJwkThumbprint(jwk), createdAt: now.toISOString(), jwk }
}

export const newRing = async (now: Date): Promise<Ring> => ({ active: await newKey(now), retired: [] })

/** The same ring with a new active key. Of the one before, only the public part is left. */
export async function rotated({ active, retired }: Ring, now: Date): Promise<Ring> {
  const { kty, crv, x } = active.jwk
  const last: RetiredKey = { ...active, retiredAt: now.toISOString(), jwk: { kty, crv, x } }
  return { active: await newKey(now), retired: [last, ...retired] }
}

/**
 * What is wrong with a ring whose shape is right; null when nothing is. With a key that is not the one it is named after, or a
 * private part that does not belong to the public one, receipts would be signed that nobody can check.
 */
export async function faultOf({ active, retired }: Ring): Promise<string | null> {
  const keys = [active, ...retired]
  for (const { kid, jwk } of keys)
    if ((await calculateJwkThumbprint(jwk)) !== kid) return `key ${kid} is another one than its name says`
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) return 'it has a key twice'
  const { x } = createPublicKey(createPrivateKey({ key: active.jwk, format: 'jwk' })).export({
    format: 'jwk',
  })
  return x === active.jwk.x ? null : `the private part of key ${active.kid} is of another key`
}

import { receiptAlgorithm, ReceiptClaims, receiptType } from '@cooperage/contracts'
import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import { z } from 'zod'

/** No receipt is longer; nothing that is gets parsed. Characters are bytes: a compact JWS is ASCII. */
export const maxReceiptBytes = 256 * 1024

/** `reason` goes on from "does not hold: " and may hold words of the receipt itself, which is not to be trusted. */
export type Verification = { ok: true; claims: ReceiptClaims; kid: string } | { ok: false; reason: string }

/** The header that the API writes. One with anything else in it is not from there. */
const Header = z.strictObject({
  alg: z.literal(receiptAlgorithm),
  typ: z.literal(receiptType),
  kid: z.string().min(1).max(200),
})
/** Parameters by which a header brings its own key, or asks to be read in another way. */
const refusedParameters = ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip']

/** Others may stand beside those of receipts: they are left alone. */
const KeySet = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional() })).max(10_000) })
const VerificationKey = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    alg: z.literal(receiptAlgorithm).optional(),
    use: z.literal('sig').optional(),
  })
  // Its private part, if somebody left it in, and everything else stays out.
  .transform(({ kty, crv, x }) => ({ kty, crv, x }))

const no = (reason: string): Verification => ({ ok: false, reason })

/**
 * Whether a text is a receipt signed with one of these keys (a JWK set, as parsed from JSON). Nothing else counts: not a key that
 * the receipt brings along, no other algorithm, no white space around it. Needs no network. Does not throw.
 */
export async function verifyReceipt(text: string, keys: unknown): Promise<Verification> {
  if (text.length > maxReceiptBytes) return no(`it is longer than ${maxReceiptBytes} bytes`)
  const parts = text.split('.', 4)
  // The last character of base64 has bits that no decoder looks at: two texts would be the same receipt.
  if (parts.length !== 3 || !parts.every(isCanonical))
    return no('it is not a compact JWS: three parts in base64url with dots between, and nothing else')
  const header = readHeader(text)
  if ('reason' in header) return no(header.reason)
  const key = findKey(keys, header.kid)
  if ('reason' in key) return no(key.reason)
  let payload: Uint8Array
  try {
    payload = (await compactVerify(text, key.jwk, { algorithms: [receiptAlgorithm] })).payload
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed)
      return no('its signature does not fit: it was changed, or another key signed it')
    return no('its signature cannot be checked with this key')
  }
  const claims = readClaims(payload)
  return 'reason' in claims ? no(claims.reason) : { ok: true, claims, kid: header.kid }
}

const isCanonical = (part: string): boolean =>
  part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part

function readHeader(text: string): { kid: string } | { reason: string } {
  let header: Record<string, unknown>
  try {
    header = decodeProtectedHeader(text)
  } catch {
    return { reason: 'its header is not JSON' }
  }
  const brought = refusedParameters.find((name) => Object.hasOwn(header, name))
  if (brought !== undefined)
    return {
      reason: `its header has “${brought}”: only the keys that you name count, and nothing that a receipt says of them`,
    }
  if (header['alg'] !== receiptAlgorithm)
    return { reason: `its algorithm is ${shown(header['alg'])}, not ${receiptAlgorithm}` }
  if (header['typ'] !== receiptType)
    return { reason: `its type is ${shown(header['typ'])}, not ${receiptType}` }
  const parsed = Header.safeParse(header)
  return parsed.success ? parsed.data : { reason: 'its header is not that of a receipt' }
}

function findKey(keys: unknown, kid: string): { jwk: z.output<typeof VerificationKey> } | { reason: string } {
  const set = KeySet.safeParse(keys)
  if (!set.success) return { reason: 'the keys are not a JWK set: {"keys": [...]}' }
  const [found, ...more] = set.data.keys.filter((key) => key.kid === kid)
  if (!found)
    return {
      reason: `none of the keys has its name, ${shown(kid)}: fetch them again, or it is not from there`,
    }
  if (more.length > 0) return { reason: `more than one of the keys is named ${shown(kid)}` }
  const jwk = VerificationKey.safeParse(found)
  return jwk.success
    ? { jwk: jwk.data }
    : { reason: `the key ${shown(kid)} is not an Ed25519 key for signatures` }
}

function readClaims(payload: Uint8Array): ReceiptClaims | { reason: string } {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return { reason: 'what is signed is not JSON' }
  }
  const parsed = ReceiptClaims.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return {
    reason: `what is signed is not a receipt: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`,
  }
}

/** A value of a stranger, short and without anything that a terminal would obey. */
const shown = (value: unknown): string =>
  (JSON.stringify(value) ?? 'missing').slice(0, 100).replace(/\p{C}/gu, '\uFFFD')

import { describe, expect, test } from '@jest/globals'
import { ReceiptClaims, receiptType } from '@cooperage/contracts'
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeyRing } from './key-ring.js'

import { sampleClaims } from '../test/sample-claims.js'
import { maxReceiptBytes, verifyReceipt } from './verification.js'

type Json = Record<string, unknown>

const base64url = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const publicJwk = (key: KeyObject) => key.export({ format: 'jwk' }) as Json

/** Our key, and one of somebody else. */
const ours = generateKeyPairSync('ed25519')
const theirs = generateKeyPairSync('ed25519')
const jwks = { keys: [{ ...publicJwk(ours.publicKey), kid: 'ours', alg: 'EdDSA', use: 'sig' }] }
const header = { alg: 'EdDSA', typ: receiptType, kid: 'ours' }

/** Signed rightly, whatever it says. */
function signed(head: unknown, payload: unknown = sampleClaims, key: KeyObject = ours.privateKey): string {
  const input = `${base64url(head)}.${base64url(payload)}`
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
}
const verdict = async (text: string, keys: unknown = jwks) => {
  const result = await verifyReceipt(text, keys)
  return result.ok ? 'holds' : result.reason
}

test('a receipt that a ring signed holds with its published keys, and says what was signed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cooperage-receipts-'))
  try {
    const ring = await KeyRing.open(join(folder, 'keys.json'))
    const receipt = await ring.sign(sampleClaims)
    const keys = await ring.publicKeys()
    expect(await verifyReceipt(receipt, keys)).toEqual({
      ok: true,
      claims: sampleClaims,
      kid: keys.keys[0]?.kid,
    })
    expect(JSON.parse(Buffer.from(receipt.split('.')[0] ?? '', 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: receiptType,
      kid: keys.keys[0]?.kid,
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the forgeries below are made by a hand that can make a good one', async () => {
  expect(await verdict(signed(header))).toBe('holds')
})

test('no character of it can be another one', async () => {
  const receipt = signed(header)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const holding: number[] = []
  for (let at = 0; at < receipt.length; at++) {
    const next = alphabet[(alphabet.indexOf(receipt[at] ?? '') + 1) % alphabet.length]
    const changed = receipt.slice(0, at) + next + receipt.slice(at + 1)
    if ((await verdict(changed)) === 'holds') holding.push(at)
  }
  expect(holding).toEqual([])
})

describe('who signed', () => {
  test.each([
    ['another key under our name', signed(header, sampleClaims, theirs.privateKey), /signature does not fit/],
    [
      'a key that is not among ours',
      signed({ ...header, kid: 'theirs' }, sampleClaims, theirs.privateKey),
      /none of the keys/,
    ],
    ['no name of a key', signed({ alg: 'EdDSA', typ: receiptType }), /header is not that of a receipt/],
  ])('%s', async (_, text, reason) => expect(await verdict(text)).toMatch(reason))

  const brought = publicJwk(theirs.publicKey)
  test.each<[string, Json]>([
    ['jwk', { jwk: { ...brought, kid: 'ours' } }],
    ['jku', { jku: 'https://evil.example/jwks.json' }],
    ['x5u', { x5u: 'https://evil.example/chain.pem' }],
    ['x5c', { x5c: ['AAAA'] }],
    ['crit', { crit: ['exp'], exp: 1 }],
    ['b64', { crit: ['b64'], b64: false }],
  ])('a header with %s, even when our key signed it', async (name, more) => {
    for (const key of [theirs.privateKey, ours.privateKey])
      expect(await verdict(signed({ ...header, ...more }, sampleClaims, key))).toMatch(/header has/)
    expect(await verdict(signed({ ...header, ...more }))).toContain(name === 'b64' ? 'crit' : name)
  })

  test('a header with anything that we do not write', async () => {
    expect(await verdict(signed({ ...header, cty: 'JWT' }))).toMatch(/header is not that of a receipt/)
  })
})

describe('how it is signed', () => {
  const body = base64url(sampleClaims)
  test.each(['none', 'None', 'NONE'])('not at all (alg %s), with and without a signature', async (alg) => {
    const input = `${base64url({ ...header, alg })}.${body}`
    const unsigned = await verdict(`${input}.`)
    expect(unsigned).toMatch(/not a compact JWS|algorithm/)
    expect(await verdict(`${input}.AAAA`)).toContain(`algorithm is "${alg}"`)
  })

  test('HS256 with the public key as the secret, in each form that it is published in', async () => {
    const { x } = jwks.keys[0] as unknown as { x: string }
    const secrets = [
      Buffer.from(x, 'base64url'),
      x,
      JSON.stringify(jwks.keys[0]),
      ours.publicKey.export({ type: 'spki', format: 'pem' }),
      ours.publicKey.export({ type: 'spki', format: 'der' }),
    ]
    const input = `${base64url({ ...header, alg: 'HS256' })}.${body}`
    for (const secret of secrets) {
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      expect(await verdict(`${input}.${mac}`)).toContain('algorithm is "HS256"')
    }
  })

  test('with a key for something else, though the set has it under that name', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const input = `${base64url({ ...header, alg: 'RS256' })}.${body}`
    const text = `${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`
    const keys = { keys: [{ ...publicJwk(rsa.publicKey), kid: 'ours' }] }
    expect(await verdict(text, keys)).toContain('algorithm is "RS256"')
    expect(await verdict(signed(header), keys)).toMatch(/not an Ed25519 key/)
    const encryption = { keys: [{ ...jwks.keys[0], use: 'enc' }] }
    expect(await verdict(signed(header), encryption)).toMatch(/not an Ed25519 key/)
  })

  test('as another kind of token by the same key', async () => {
    expect(await verdict(signed({ ...header, typ: 'JWT' }))).toContain('type is "JWT"')
    expect(await verdict(signed({ alg: 'EdDSA', kid: 'ours' }))).toContain('type is missing')
  })
})

describe('the text', () => {
  const receipt = signed(header)
  test.each([
    ['empty', ''],
    ['with a line break behind it', `${receipt}\n`],
    ['with a space before it', ` ${receipt}`],
    ['with a fourth part', `${receipt}.AAAA`],
    ['with a dot behind it', `${receipt}.`],
    ['with padding', `${receipt}==`],
    ['with NUL behind it', `${receipt}\0`],
    ['twice', receipt + receipt],
    [
      'as JSON',
      JSON.stringify({
        payload: receipt.split('.')[1],
        protected: receipt.split('.')[0],
        signature: receipt.split('.')[2],
      }),
    ],
  ])('%s is not a receipt', async (_, text) => {
    expect(await verdict(text)).toMatch(/not a compact JWS/)
  })

  test('with other bits behind the last byte of its signature is not the same receipt', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(receipt.at(-1) ?? '')
    for (let bits = 1; bits < 16; bits++)
      expect(await verdict(receipt.slice(0, -1) + alphabet[last ^ bits])).toMatch(/not a compact JWS/)
  })

  test('that is too long is not looked into', async () => {
    const padded = signed(header, { ...sampleClaims, more: 'x'.repeat(maxReceiptBytes) })
    expect(await verdict(padded)).toMatch(/longer than/)
    expect(await verdict(signed('{'))).toMatch(/header is not JSON/)
    expect(await verdict(signed('[]'))).toMatch(/header is not JSON|algorithm/)
  })

  test('of the largest lab is short enough', async () => {
    const title = '\u0001'.repeat(120)
    const check = {
      id: 'x'.repeat(64),
      title,
      status: 'passed' as const,
      points: 1e-10 / 3,
      maxPoints: 1e300 / 3,
    }
    const claims = { ...sampleClaims, iss: 'x'.repeat(500), checks: Array.from({ length: 100 }, () => check) }
    expect(await verdict(signed(header, ReceiptClaims.parse(claims)))).toBe('holds')
  })
})

describe('what is signed', () => {
  test.each([
    ['not JSON', '{'],
    ['not an object', '"receipt"'],
    ['a claim missing', { ...sampleClaims, score: undefined }],
    ['a claim too many', { ...sampleClaims, grade: 'A' }],
    ['a claim of another kind', { ...sampleClaims, score: '100' }],
    [
      'more checks than a lab has',
      { ...sampleClaims, checks: Array.from({ length: 101 }, () => sampleClaims.checks[0]) },
    ],
  ])('%s', async (_, payload) => {
    expect(await verdict(signed(header, payload))).toMatch(/what is signed is not/)
  })
})

describe('the keys', () => {
  test.each([null, [], 'keys', {}, { keys: 'all' }, { keys: [1] }])('%j are not a set', async (keys) => {
    expect(await verdict(signed(header), keys)).toMatch(/not a JWK set/)
  })
  test('two of one name are none', async () => {
    expect(await verdict(signed(header), { keys: [...jwks.keys, ...jwks.keys] })).toMatch(/more than one/)
  })
  test('others beside ours do not matter', async () => {
    const rsa = { ...publicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey), kid: 'rsa' }
    expect(await verdict(signed(header), { keys: [rsa, ...jwks.keys] })).toBe('holds')
  })
})

test('a reason holds nothing that a terminal obeys', async () => {
  const kid = '\u001b]0;owned\u0007\u009b2J\u202e'
  for (const head of [
    { ...header, kid },
    { ...header, alg: kid },
    { ...header, typ: kid },
  ]) {
    const reason = await verdict(signed(head))
    expect(reason).not.toBe('holds')
    // oxlint-disable-next-line no-control-regex -- it is what must not be there
    expect(reason).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
  }
})

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Secret } from './config.js'

/** What is stored of a token: sha256, hex. Tokens have 256 random bits, so that no slow hash is needed. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** 256 random bits in base64url after the prefix. */
export const newToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url')

/** Takes the same time wherever the two differ. */
export const equalsSecret = (given: string, expected: Secret): boolean =>
  timingSafeEqual(
    createHash('sha256').update(given).digest(),
    createHash('sha256').update(expected.reveal()).digest(),
  )

/** A 256-bit key for one purpose, so that no two uses of the installation's secret meet. */
export const deriveKey = (secret: Secret, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret.reveal(), '', `cooperage/${purpose}`, 32))

/** AES-256-GCM: nonce, tag, ciphertext. */
export function encrypt(key: Buffer, plain: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Throws when the bytes were changed or made with another key. */
export function decrypt(key: Buffer, bytes: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

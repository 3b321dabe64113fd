import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  chmod,
  chown,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleClaims } from '../test/sample-claims.js'
import { KeyRing, type KeyRingOptions } from './key-ring.js'
import { type Ring } from './keys.js'
import { KeyRingFault } from './ring-file.js'
import { rotateKeys } from './rotation.js'
import { verifyReceipt } from './verification.js'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cooperage-keys-'))
  file = join(folder, 'receipt-keys.json')
})
afterEach(() => rm(folder, { recursive: true }))

const stored = async (): Promise<Ring> => JSON.parse(await readFile(file, 'utf8')) as Ring
const store = (ring: unknown) =>
  writeFile(file, typeof ring === 'string' ? ring : JSON.stringify(ring), { mode: 0o600 })
const sign = (ring: KeyRing) => ring.sign(sampleClaims)
const kids = async (ring: KeyRing) => (await ring.publicKeys()).keys.map(({ kid }) => kid)
const holds = async (receipt: string, ring: KeyRing) =>
  (await verifyReceipt(receipt, await ring.publicKeys())).ok
/** Opens with what was told on the way. */
async function open(options: KeyRingOptions = {}) {
  const events: object[] = []
  const ring = await KeyRing.open(file, { ...options, onEvent: (event) => void events.push(event) })
  return { ring, events }
}
const kidOf = (receipt: string) =>
  (JSON.parse(Buffer.from(receipt.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid

describe('the first start', () => {
  test('makes a file that only its owner reads, whatever the umask; the next one uses it', async () => {
    const before = process.umask(0)
    try {
      const { ring, events } = await open()
      expect(events).toEqual([{ made: file }])
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      const again = await open()
      expect(again.events).toEqual([])
      expect(await kids(again.ring)).toEqual(await kids(ring))
    } finally {
      process.umask(before)
    }
  })

  test('of several at once ends with one ring, and nothing else in the folder', async () => {
    const opened = await Promise.all(Array.from({ length: 12 }, () => open()))
    const receipts = await Promise.all(opened.map(({ ring }) => sign(ring)))
    expect(new Set(receipts.map(kidOf)).size).toBe(1)
    expect(opened.flatMap(({ events }) => events)).toEqual([{ made: file }])
    expect(await readdir(folder)).toEqual(['receipt-keys.json'])
  })

  test('without its folder says so', async () => {
    await expect(KeyRing.open(join(folder, 'none', 'keys.json'))).rejects.toThrow(
      /folder of .* does not exist/,
    )
  })
})

describe('a rotation', () => {
  test('by another process is seen at once, and receipts from before it hold', async () => {
    const { ring } = await open()
    const { ring: replica } = await open()
    const before = await sign(ring)
    const kid = await rotateKeys(file)
    const after = await sign(replica)
    expect(kidOf(after)).toBe(kid)
    expect(kidOf(before)).not.toBe(kid)
    expect(await kids(ring)).toEqual([kid, kidOf(before)])
    for (const receipt of [before, after]) expect(await holds(receipt, ring)).toBe(true)
  })

  test('leaves nothing of the private part of the key before, neither in the file nor in what is published', async () => {
    const { ring } = await open()
    const { d } = (await stored()).active.jwk
    await rotateKeys(file)
    const text = await readFile(file, 'utf8')
    expect(text).not.toContain(d)
    expect(text.match(/"d"/g)).toHaveLength(1)
    expect(JSON.stringify(await ring.publicKeys())).not.toMatch(/"d"|private/)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['receipt-keys.json'])
  })

  test('beside others loses no key', async () => {
    const { ring } = await open()
    const made = await Promise.all(Array.from({ length: 8 }, () => rotateKeys(file)))
    expect(new Set(made).size).toBe(8)
    const published = await kids(ring)
    expect(published).toHaveLength(9)
    expect(published).toEqual(expect.arrayContaining(made))
  })

  test('comes by age, once for all processes', async () => {
    await open()
    const ring = await stored()
    const age = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString()
    await store({ ...ring, active: { ...ring.active, createdAt: age(89) } })
    const { ring: young } = await open()
    expect(kidOf(await sign(young))).toBe(ring.active.kid)

    await store({ ...ring, active: { ...ring.active, createdAt: age(90) } })
    const opened = await Promise.all(Array.from({ length: 5 }, () => open()))
    const signed = await Promise.all(opened.flatMap(({ ring: one }) => [sign(one), sign(one)]))
    expect(new Set(signed.map(kidOf)).size).toBe(1)
    expect(kidOf(signed[0] ?? '')).not.toBe(ring.active.kid)
    expect((await stored()).retired.map(({ kid }) => kid)).toEqual([ring.active.kid])
  })

  test('that a dead process holds up is told to the operator, and the old key signs on', async () => {
    const { ring, events } = await open({ maxAgeMs: 0 })
    const { kid } = (await stored()).active
    await writeFile(`${file}.lock`, '')
    const [asked, receipt] = await Promise.allSettled([rotateKeys(file), sign(ring)])
    expect(String(asked.status === 'rejected' && asked.reason)).toContain(`remove ${file}.lock`)
    expect(kidOf(receipt.status === 'fulfilled' ? receipt.value : '')).toBe(kid)
    expect(events).toEqual([{ made: file }, { failed: expect.any(KeyRingFault) }])
    // The next one does not wait for it again.
    await sign(ring)
    expect(events).toHaveLength(2)
  })

  test('makes no keys where there are none', async () => {
    await expect(rotateKeys(file)).rejects.toThrow(/does not exist/)
    expect(await readdir(folder)).toEqual([])
  })

  test('keeps the link that leads to the file', async () => {
    await open()
    const behind = join(folder, 'link.json')
    await symlink(file, behind)
    await rotateKeys(behind)
    expect(await readlink(behind)).toBe(file)
    expect((await stored()).retired).toHaveLength(1)
  })

  const asRoot = process.getuid?.() === 0 ? test : test.skip
  asRoot('as root keeps the owner of the file', async () => {
    await open()
    await chown(file, 12_345, 12_346)
    await rotateKeys(file)
    expect(await stat(file)).toMatchObject({ uid: 12_345, gid: 12_346 })
  })
})

describe('a file that cannot be used', () => {
  const otherKey = async () => {
    const path = join(folder, 'other.json')
    await KeyRing.open(path)
    return (JSON.parse(await readFile(path, 'utf8')) as Ring).active
  }
  const cases: [string, (ring: Ring) => unknown][] = [
    ['is empty', () => ''],
    ['is cut off', (ring) => JSON.stringify(ring).slice(0, -20)],
    ['holds something else', () => ({ keys: [] })],
    ['has no active key', (ring) => ({ ...ring, active: null })],
    [
      'has a damaged key',
      ({ active, retired }) => ({ active: { ...active, jwk: { ...active.jwk, x: 'AAAA' } }, retired }),
    ],
    [
      'has a retired key that can still sign',
      ({ active }) => ({ active, retired: [{ ...active, retiredAt: active.createdAt }] }),
    ],
    ['is too large', (ring) => `${JSON.stringify(ring)}${' '.repeat(1 << 20)}`],
  ]
  test.each(cases)('because it %s is left as it is, and the reason shows no key', async (_, damage) => {
    const { ring } = await open()
    const good = await stored()
    await store(damage(good))
    const damaged = await readFile(file, 'utf8')
    for (const attempt of [() => open(), () => sign(ring), () => ring.publicKeys(), () => rotateKeys(file)]) {
      const error = await attempt().then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(KeyRingFault)
      expect(String(error)).toContain(file)
      expect(String(error)).toMatch(/Put it back from a copy/)
      expect(String(error)).not.toContain(good.active.jwk.d.slice(0, 6))
    }
    expect(await readFile(file, 'utf8')).toBe(damaged)
    expect(await readdir(folder)).toEqual(['receipt-keys.json'])
  })

  test('because its keys are mixed up is refused', async () => {
    await open()
    const { active, retired } = await stored()
    const other = await otherKey()
    const mixed = [
      [{ ...active, kid: other.kid }, /is another one than its name says/],
      [{ ...active, jwk: { ...active.jwk, d: other.jwk.d } }, /private part .* is of another key/],
    ] as const
    for (const [key, reason] of mixed) {
      await store({ active: key, retired })
      await expect(open()).rejects.toThrow(reason)
    }
  })

  test.each(['640', '604', '620', '602', '644'])(
    'because others may touch it (mode %s) is refused',
    async (mode) => {
      const { ring } = await open()
      await chmod(file, Number.parseInt(mode, 8))
      for (const attempt of [open(), sign(ring), rotateKeys(file)])
        await expect(attempt).rejects.toThrow(`chmod 600 ${file}`)
      await chmod(file, 0o600)
      expect(await holds(await sign(ring), ring)).toBe(true)
    },
  )

  test('because it went away is missed, and not made again under a running process', async () => {
    const { ring } = await open()
    await rm(file)
    await expect(sign(ring)).rejects.toThrow(/does not exist\. Put it back/)
    await expect(ring.publicKeys()).rejects.toThrow(KeyRingFault)
    expect(await readdir(folder)).toEqual([])
  })

  test('because it is a folder is refused', async () => {
    await expect(KeyRing.open(folder)).rejects.toThrow(/not a plain file/)
  })
})

test('claims that are not those of a receipt are not signed', async () => {
  const { ring } = await open()
  await expect(ring.sign({ ...sampleClaims, score: Number.NaN })).rejects.toThrow()
  await expect(ring.sign({ ...sampleClaims, more: 1 } as typeof sampleClaims)).rejects.toThrow()
})

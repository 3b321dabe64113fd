import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { ReceiptClaims } from '@cooperage/contracts'
import { KeyRing } from '@cooperage/receipts'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WrongUsage } from './command.js'
import { receiptRotateKey } from './receipt-rotate-key.js'
import { receiptVerify } from './receipt-verify.js'

let folder: string
let ring: KeyRing
let ringFile: string
let keys: string
let receipt: string
let output: string[]

const id = '01900000-0000-7000-8000-000000000001'
const claims = ReceiptClaims.parse({
  iss: 'https://learn.example.org',
  iat: 1_764_000_000,
  jti: id,
  learner: '01900000-0000-7000-8000-00000000000a',
  cohort: id,
  course: 'docker',
  lab: 'first-check',
  submission: id,
  grading: id,
  attempt: 2,
  late: true,
  submissionHash: 'a'.repeat(64),
  labRevision: 'b'.repeat(64),
  sandbox: {
    imageDigest: `sha256:${'c'.repeat(64)}`,
    profile: 'strict',
    profileHash: 'd'.repeat(64),
    runtime: 'runsc',
    limits: { memoryMb: 256, cpus: 0.5, pids: 64, diskMb: 32 },
  },
  checks: [
    { id: 'greets', title: 'It \u001b[31mgreets\u009b', status: 'passed', points: 2, maxPoints: 2 },
    { id: 'names', title: 'It knows names', status: 'skipped', points: 0, maxPoints: 3 },
  ],
  score: 2,
  maxScore: 5,
  assurance: 'replayed',
  submittedAt: '2026-11-24T10:00:00.000Z',
  gradedAt: '2026-11-24T10:00:02.000Z',
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cooperage-cli-'))
  ringFile = join(folder, 'receipt-keys.json')
  ring = await KeyRing.open(ringFile)
  keys = await write('jwks.json', JSON.stringify(await ring.publicKeys()))
  receipt = await ring.sign(claims)
  output = []
  const collect = (line: unknown) => void output.push(String(line))
  jest.spyOn(console, 'log').mockImplementation(collect)
  jest.spyOn(console, 'error').mockImplementation(collect)
})
afterEach(async () => {
  jest.restoreAllMocks()
  await rm(folder, { recursive: true })
})

async function write(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}
const verify = async (content: string | Buffer) =>
  receiptVerify.run([await write('receipt.jws', content), '--keys', keys])

describe('receipt verify', () => {
  test('prints what a receipt says, and nothing that the terminal would obey', async () => {
    expect(await verify(receipt)).toBe(0)
    const text = output.join('\n')
    const { kid } = (await ring.publicKeys()).keys[0] as { kid: string }
    for (const part of [
      'The receipt holds.',
      claims.iss,
      claims.learner,
      'first-check of docker, revision bbbbbbbbbbbb',
      'attempt 2, late',
      '2 of 5',
      'passed   2 of 2',
      'skipped  0 of 3  It knows names',
      'strict (dddddddddddd) on runsc',
      'image sha256:cccccccccccc',
      '256 MB of memory, 0.5 CPUs, 64 processes, 32 MB of disk',
      claims.submittedAt,
      claims.gradedAt,
      '2025-11-24T16:00:00.000Z',
      kid,
    ])
      expect(text).toContain(part)
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
  })

  test('takes the line break that a shell or an editor ends it with, and nothing else', async () => {
    expect(await verify(`${receipt}\n`)).toBe(0)
    expect(await verify(`${receipt}\r\n`)).toBe(0)
    for (const more of ['\n\n', ' ', '\n{}', '\0']) expect(await verify(receipt + more)).toBe(1)
  })

  test.each<[string, (text: string) => string | Buffer, RegExp]>([
    ['a changed one', (text) => text.replace('.e', '.f'), /does not hold: its signature/],
    ['an empty one', () => '', /not a compact JWS/],
    ['bytes that are no text', () => Buffer.alloc(2_000, 0xff), /not a compact JWS/],
    ['an endless one', () => 'e'.repeat(1 << 20), /longer than/],
  ])('does not take %s', async (_, change, reason) => {
    expect(await verify(change(receipt))).toBe(1)
    expect(output.join('\n')).toMatch(reason)
    expect(output.join('\n')).not.toContain('The receipt holds')
  })

  test('reads no more of a stranger than a receipt can have', async () => {
    expect(await receiptVerify.run(['/dev/zero', '--keys', keys])).toBe(1)
    expect(output.join('\n')).toMatch(/longer than/)
  })

  test('does not take one of another installation', async () => {
    const other = await KeyRing.open(join(folder, 'other.json'))
    expect(await verify(await other.sign(claims))).toBe(1)
    expect(output.join('\n')).toMatch(/none of the keys has its name/)
  })

  test('says what is wrong with how it was called', async () => {
    const file = await write('receipt.jws', receipt)
    const wrong: [string[], RegExp][] = [
      [[], /one file/],
      [[file], /--keys is missing/],
      [[file, file, '--keys', keys], /one file/],
      [[join(folder, 'none.jws'), '--keys', keys], /none\.jws cannot be read \(ENOENT\)/],
      [[file, '--keys', join(folder, 'none.json')], /none\.json cannot be read/],
      [[folder, '--keys', keys], /cannot be read \(EISDIR\)/],
      [[file, '--keys', file], /not JSON/],
    ]
    for (const [args, reason] of wrong) {
      const error = await receiptVerify.run(args).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(WrongUsage)
      expect(String(error)).toMatch(reason)
    }
    await expect(receiptVerify.run([file, '--key', keys])).rejects.toThrow(/Unknown option/)
  })
})

describe('receipt rotate-key', () => {
  test('makes a new key; what was signed before holds with the keys as they are then', async () => {
    expect(await receiptRotateKey.run(['--keys-file', ringFile])).toBe(0)
    const published = await ring.publicKeys()
    expect(published.keys).toHaveLength(2)
    expect(output.join('\n')).toContain(published.keys[0]?.kid)
    await writeFile(keys, JSON.stringify(published))
    expect(await verify(receipt)).toBe(0)
    expect(await verify(await ring.sign(claims))).toBe(0)
  })

  test('makes no keys where there are none, and leaves damaged ones alone', async () => {
    expect(await receiptRotateKey.run(['--keys-file', join(folder, 'none.json')])).toBe(1)
    await writeFile(ringFile, '{}')
    expect(await receiptRotateKey.run(['--keys-file', ringFile])).toBe(1)
    expect(output.join('\n')).toMatch(/does not exist[^]*damaged/)
    expect(await readFile(ringFile, 'utf8')).toBe('{}')
    await expect(receiptRotateKey.run([])).rejects.toThrow(WrongUsage)
  })
})

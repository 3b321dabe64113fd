import { ReceiptClaims } from '@cooperage/contracts'

const id = (last: string) => `01900000-0000-7000-8000-00000000000${last}`

/** What a receipt says, for tests that do not care what it is. */
export const sampleClaims: ReceiptClaims = ReceiptClaims.parse({
  iss: 'https://learn.example.org',
  iat: 1_764_000_000,
  jti: id('1'),
  learner: id('2'),
  cohort: id('3'),
  course: 'docker',
  lab: 'first-check',
  submission: id('4'),
  grading: id('1'),
  attempt: 2,
  late: false,
  submissionHash: 'a'.repeat(64),
  labRevision: 'b'.repeat(64),
  sandbox: {
    imageDigest: `sha256:${'c'.repeat(64)}`,
    profile: 'strict',
    profileHash: 'd'.repeat(64),
    runtime: 'runc',
    limits: { memoryMb: 256, cpus: 0.5, pids: 64, diskMb: 64 },
  },
  checks: [
    { id: 'greets', title: 'It greets – 日本', status: 'passed', points: 2, maxPoints: 2 },
    { id: 'names', title: 'It knows names', status: 'failed', points: 0, maxPoints: 3 },
  ],
  score: 2,
  maxScore: 5,
  assurance: 'replayed',
  submittedAt: '2026-11-24T10:00:00.000Z',
  gradedAt: '2026-11-24T10:00:02.000Z',
})

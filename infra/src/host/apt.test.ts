import { describe, expect, test } from '@jest/globals'
import { aptTrouble, isStale, readCandidate } from './apt.js'

describe('what apt says', () => {
  test('a package that the lists know', () => {
    const output =
      'docker.io:\n  Installed: (none)\n  Candidate: 20.10.24+dfsg1-1+deb12u1\n  Version table:\n'
    expect(readCandidate(output)).toBe('20.10.24+dfsg1-1+deb12u1')
  })

  test('one without a candidate, and one that it has never heard of', () => {
    expect(readCandidate('docker.io:\n  Installed: (none)\n  Candidate: (none)\n')).toBeUndefined()
    expect(readCandidate('')).toBeUndefined()
  })

  test('lists that are older than the mirror', () => {
    expect(isStale('E: Failed to fetch http://mirror/redis_7.deb  404  Not Found [IP: 10.0.0.1 80]')).toBe(
      true,
    )
    expect(isStale('E: Package redis-server has no installation candidate')).toBe(true)
    expect(isStale('E: Sub-process /usr/bin/dpkg returned an error code (1)')).toBe(false)
  })

  test.each([
    [
      "E: You don't have enough free space in /var/cache/apt/archives/.",
      'The disk is too full to install chromium.',
    ],
    [
      "E: Failed to fetch http://mirror/x.deb  Could not resolve 'mirror'",
      'The download of chromium failed.',
    ],
    ['E: Could not get lock /var/lib/dpkg/lock-frontend.', "Another program holds apt's lock"],
    ['E: Unmet dependencies.', 'apt could not install chromium: Unmet dependencies.'],
  ])('%s', (output, sentence) => {
    const trouble = aptTrouble(['chromium'], `Reading package lists...\n${output}\n`)
    expect(trouble.message).toContain(sentence)
    expect(trouble.advice).not.toBe('')
  })
})

import { isIPv6 } from 'node:net'

/**
 * Whom to count: an IPv4 address, or the /64 of an IPv6 address, since whoever has one of those has all 2^64 of it. What is neither
 * stays as it is.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const plain = address.split('%', 1)[0] ?? ''
  if (!isIPv6(plain)) return address
  const [left = '', right] = plain.split('::')
  const before = groupsOf(left)
  // "::" stands for as many zeros as are missing; an IPv4 address at the end is two groups.
  const after = right === undefined ? [] : groupsOf(right.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0'))
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = right === undefined ? before : [...before, ...zeros, ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}

const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16).toString(16))

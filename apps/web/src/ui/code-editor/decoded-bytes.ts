import type { WireFile } from '@cooperage/contracts'

/** Size of a file's content, in bytes. */
export const decodedBytes = ({ content, encoding }: WireFile): number =>
  encoding === 'utf8'
    ? new TextEncoder().encode(content).length
    : Math.floor((content.replace(/=+$/, '').length * 3) / 4)

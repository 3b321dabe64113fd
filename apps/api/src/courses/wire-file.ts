import type { WireFile } from '@cooperage/contracts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A stored file as it goes over the wire: text as it is, anything else as base64. */
export function toWireFile({ path, base64 }: { path: string; base64: string }): WireFile {
  const text = decode(Buffer.from(base64, 'base64'))
  return text === null
    ? { path, content: base64, encoding: 'base64' }
    : { path, content: text, encoding: 'utf8' }
}

/** Null when the bytes are not text. */
function decode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

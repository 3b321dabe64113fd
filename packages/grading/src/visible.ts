/** Bytes that came out of a container, made harmless to show: bounded, valid UTF-8, every control character visible. */
import { messageBytes } from '@cooperage/contracts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** Invalid UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

/**
 * C0 and C1 controls, line and paragraph separators, and the invisible characters that reorder or hide text. Newline
 * and tab stay; half of a surrogate pair cannot be encoded and goes too.
 */
const harmful =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const names: Record<string, string> = { '\r': '\\r', '\u0000': '\\0', '\u001b': '\\e' }

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0)
  return names[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
}
const hex = (code: number, width: number) => code.toString(16).padStart(width, '0')

/** Newlines and tabs stay as they are. */
export const visible = (text: string): string => text.replace(harmful, escapeCharacter)

/** In one line: newlines and tabs are spelled out too. */
export const visibleInLine = (text: string): string =>
  visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')

/** At most `maxBytes` of UTF-8, never cutting a character in two; says so when something was cut. */
export function clip(text: string, maxBytes: number = messageBytes): string {
  if (text.length <= maxBytes && encoder.encode(text).length <= maxBytes) return text
  const notice = ' …'
  const room = maxBytes - encoder.encode(notice).length
  const { read } = encoder.encodeInto(text, new Uint8Array(room))
  return text.slice(0, read) + notice
}

const excerptLines = 8
const excerptBytes = 600

/** The beginning of a stream, indented, each line on its own; says when it is empty or cut. */
export function excerpt(bytes: Uint8Array): string {
  if (bytes.length === 0) return '  (nothing)'
  // A multiple of what is shown is enough: the rest of a flood need not be decoded.
  const text = visible(textOf(bytes.subarray(0, excerptBytes * 4)))
  const lines = text.replace(/\n$/, '').split('\n')
  const shown = clip(
    lines
      .slice(0, excerptLines)
      .map((line) => `  ${clip(line, 160)}`)
      .join('\n'),
    excerptBytes,
  )
  const cut = lines.length > excerptLines || bytes.length > excerptBytes * 4
  return cut ? `${shown}\n  … (${bytes.length} bytes in all)` : shown
}
